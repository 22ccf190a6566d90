interface Native {
  express?: { handleSmartAppEvent?: unknown };
  webkit?: { messageHandlers?: { express?: { postMessage?: unknown } } };
  TelegramWebviewProxy?: { postEvent?: unknown };
  external?: { notify?: unknown };
}

/** What the address says about the messenger (`?platform=`, `#tgWebApp…`), and whether it is true. */
export type Around = "browser" | "express" | "telegram" | "lost";

/** What is left of Telegram's launch in the address once a route stands there: a page loaded again knows by it. */
export const TELEGRAM_MARK = "telegram";
const TELEGRAM = /[#&?]tgWebApp(Data|Version|Platform)=/;

/** The bridge believes `?platform=` alone and then waits for ever, or pops an alert, where nobody answers. */
export function lookAround(): Around {
  const launch = new URLSearchParams(location.search);
  const platform = launch.get("platform");
  if (TELEGRAM.test(location.hash) || launch.has(TELEGRAM_MARK)) return hasTelegram() ? "telegram" : "lost";
  if (platform === null) return "browser";
  return hasExpress(platform) ? "express" : "lost";
}

function hasExpress(platform: string): boolean {
  const native = window as Native;
  if (platform === "web") return isFramed();
  if (platform === "ios") return Boolean(native.webkit?.messageHandlers?.express?.postMessage);
  return platform === "android" && Boolean(native.express?.handleSmartAppEvent);
}

function hasTelegram(): boolean {
  const { TelegramWebviewProxy, external } = window as Native;
  return Boolean(TelegramWebviewProxy?.postEvent) || typeof external?.notify === "function" || isFramed();
}

/** In somebody else's page: web clients speak to us by messages. */
export function isFramed(): boolean {
  return window.parent !== window;
}
