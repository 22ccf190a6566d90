import { locale } from "../i18n";
import { host } from "../platform";
import { build, config } from "./config";
import { route } from "./router";
import { shapeOf } from "./telemetry";

let last = "-";

/** Remembers the code of the newest error page for the support line. */
export function rememberFailure(code: string): void {
  last = `${code} @ ${new Date().toISOString()}`;
}

/** Everything support needs and nothing personal: no name, no number, no answers (ux.md E12). */
export function supportLine(): string {
  const facts = {
    app: `express-bot ${build}/${config.version || "?"} ${config.mode}`,
    host: `${host.kind}/${host.platform}`,
    route: shapeOf(route.peek().path),
    locale: locale.peek(),
    theme: host.theme.peek(),
    online: host.online.peek() ? "yes" : "no",
    screen: `${String(innerWidth)}x${String(innerHeight)}@${String(devicePixelRatio)}`,
    agent: navigator.userAgent,
    last,
    time: new Date().toISOString(),
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join("; ");
}
