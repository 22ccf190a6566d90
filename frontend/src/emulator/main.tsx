import "../ui/tokens.css";
import "../ui/base.css";
import "./emulator.css";

import { render } from "preact";

import { App } from "./App";
import { startOutbox } from "./chat/outbox";
import { api } from "./data/api";
import { connect } from "./data/stream";
import { speak } from "./i18n";
import { startChecks } from "./inspector/checks";
import { startInspector } from "./inspector/lines";
import { metaOf, open, startPhone } from "./phone/phone";
import { startTour } from "./tour/tour";

/** The page that plays the people's phones. */
async function start(root: HTMLElement): Promise<void> {
  const query = new URLSearchParams(location.search);
  speak(document.documentElement.lang === "en" ? "en" : "ru");
  // before anything can be said over the bridge somebody has to listen
  startPhone({ isClosed: query.has("app") });
  startOutbox();
  startChecks();
  render(<App />, root);
  await connect();
  const state = await api.state().catch(() => null);
  startInspector(state ? [...state.wire, ...state.trail] : []);
  follow(query);
}

/** `?tour=auto` plays the tour by itself; a deep link into the app has become `?app=…` on its way here. */
function follow(query: URLSearchParams): void {
  if (query.get("tour") === "auto") void startTour({ isWatched: false });
  const appId = query.get("app");
  if (appId === null) return;
  query.delete("app");
  const meta = metaOf(`/open/smartapp/${appId}?${query.toString()}`);
  open(meta ? { initiator: "deeplink", meta } : undefined);
}

const root = document.getElementById("app");
if (root) void start(root);
