import { effect } from "@preact/signals";
import { render } from "preact";

import { lendCarrier } from "../api/transport";
import type { Info } from "../api/types";
import { startQueue } from "../features/applications/queue";
import { restoreSimple } from "../features/applications/simple";
import { chooseHost, host } from "../platform";
import { App } from "./App";
import { startClock } from "./clock";
import { config } from "./config";
import { data } from "./data";
import { fetchLaterWhenIdle } from "./Lazy";
import { routeOf } from "./links";
import { followLooks, meetUserLocale, startLocale } from "./preferences";
import { isRoot, navigate, startRouter } from "./router";
import { learnUser, sessionState, startSession } from "./session";
import { noteLoad, startTelemetry } from "./telemetry";

/** E0: who is this, and something on the screen at once. The static skeleton stays until the session is known. */
export async function start(root: HTMLElement | null): Promise<void> {
  if (!root) return;
  (window as { expressBotStarted?: boolean }).expressBotStarted = true;
  if (!(await foundHost())) return;
  followLooks();
  startClock();
  startTelemetry();
  await Promise.all([host.ready(), startLocale(), restoreSimple()]);
  startRoutes();
  await startSession();
  followUser();
  startQueue();
  root.replaceChildren();
  render(<App />, root);
  fetchLaterWhenIdle();
}

/** The messenger's adapter is a file of its own: when it does not come, the note of boot.js offers to try again. */
async function foundHost(): Promise<boolean> {
  try {
    await chooseHost(config);
  } catch {
    document.documentElement.dataset.boot = "failed";
    return false;
  }
  if (host.carrier) lendCarrier(host.carrier);
  return true;
}

/** What the app was opened for. A messenger that tells it late is followed as long as the person has gone nowhere. */
function startRoutes(): void {
  const place = host.launch.peek();
  startRouter(place && routeOf(place));
  if (place) return;
  host.launch.subscribe((late) => {
    const path = late && routeOf(late);
    if (path && isRoot.peek()) navigate(path);
  });
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
