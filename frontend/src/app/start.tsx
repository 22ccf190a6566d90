import { effect } from "@preact/signals";
import { render } from "preact";

import { startQueue } from "../features/applications/queue";
import { host } from "../platform";
import { App } from "./App";
import { startClock } from "./clock";
import { config } from "./config";
import { data } from "./data";
import { fetchLaterWhenIdle } from "./Lazy";
import { applyUserLocale, followTheme, startLocale } from "./preferences";
import { startRouter } from "./router";
import { learnUser, sessionState, startSession } from "./session";
import { noteLoad, startTelemetry } from "./telemetry";

/** E0: who is this, and something on the screen at once. The static skeleton stays until the session is known. */
export async function start(root: HTMLElement | null): Promise<void> {
  if (!root) return;
  (window as { expressBotStarted?: boolean }).expressBotStarted = true;
  followTheme();
  startClock();
  startTelemetry();
  await Promise.all([host.ready(), startLocale()]);
  startRouter(host.launchPath);
  await startSession();
  followUser();
  startQueue();
  root.replaceChildren();
  render(<App />, root);
  fetchLaterWhenIdle();
}

/** The server's newest word on the person: language, unseen decisions, rights. */
function followUser(): void {
  let noted = false;
  effect(() => {
    if (sessionState.value !== "in") return;
    const info = data.info().data.value;
    if (!info) return;
    host.badge(info.unseen);
    void learnUser(info.user);
    if (config.locales.includes(info.user.locale)) void applyUserLocale(info.user.locale);
    if (!noted) noteLoad();
    noted = true;
  });
}
