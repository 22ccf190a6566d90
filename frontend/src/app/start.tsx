import { effect } from "@preact/signals";
import { render } from "preact";

import type { Info } from "../api/types";
import { startQueue } from "../features/applications/queue";
import { host } from "../platform";
import { App } from "./App";
import { startClock } from "./clock";
import { data } from "./data";
import { fetchLaterWhenIdle } from "./Lazy";
import { followTheme, meetUserLocale, startLocale } from "./preferences";
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
  let met: Info | null = null;
  effect(() => {
    if (sessionState.value !== "in") return;
    const { data: known, stale } = data.info();
    const info = known.value;
    if (!info || stale.value) return;
    host.badge(info.unseen);
    void learnUser(info.user);
    if (info !== met) void meetUserLocale(info.user.locale).catch(() => null);
    met = info;
    if (!noted) noteLoad();
    noted = true;
  });
}
