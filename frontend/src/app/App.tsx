import { useEffect } from "preact/hooks";

import { t } from "../i18n";
import { ToastRegion } from "../ui/Toast";
import { Banner } from "./Banner";
import { config } from "./config";
import { data, useResource } from "./data";
import { ErrorBoundary } from "./ErrorBoundary";
import { Lazy } from "./Lazy";
import { screenFor } from "./pages";
import { navigate, useRoute } from "./router";
import { hasSide, Side } from "./Side";
import { wide } from "./screen";
import { sessionState, user } from "./session";
import { Tabs } from "./Tabs";

/** The frame around every screen. */
export function App() {
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        {t("app.skip")}
      </a>
      {config.mode !== "production" && <header class="ribbon">{t("app.demo")}</header>}
      <Banner />
      <Content />
      <ToastRegion />
    </>
  );
}

function Content() {
  const { path } = useRoute();
  if (sessionState.value === "out") return <Lazy draw={(later) => <later.SignInPage />} />;
  if (sessionState.value === "guest") return <Lazy draw={(later) => <later.GuestPage />} />;
  return (
    <ErrorBoundary place={path}>
      <SignedIn key={user.value?.id} path={path} />
    </ErrorBoundary>
  );
}

/** On a phone the sections stand under their own first screens only. */
const TABBED = ["/", "/statistics", "/me"];

function SignedIn({ path }: { path: string }) {
  useResource(data.info());
  useFirstTime(path);
  const side = wide.value && hasSide(path);
  const tabs = TABBED.includes(path) || wide.value;
  return (
    <div class={tabs && !wide.value ? "with-tabs" : ""}>
      {wide.value && <Tabs />}
      <div class={side ? "panes" : ""}>
        {side && <Side />}
        {screenFor(path)}
      </div>
      {tabs && !wide.value && <Tabs />}
    </div>
  );
}

/** E1 comes before E2 and E3 as long as the profile is not complete; links to anything else open what they name. */
function useFirstTime(path: string): void {
  const complete = user.value?.profile_complete ?? true;
  const early = path === "/" || path === "/new";
  useEffect(() => {
    if (!complete && early) navigate("/profile", { replace: true });
  }, [complete, early]);
}

/** The hash belongs to the router: the skip link only moves the focus. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#content h1")?.focus();
}
