import "../ui/tokens.css";
import "../ui/base.css";
import "./emulator.css";

import { render } from "preact";

import { App } from "./App";
import { startOutbox } from "./chat/outbox";
import { api } from "./data/api";
import { server } from "./data/store";
import { connect } from "./data/stream";
import { speak } from "./i18n";
import { startChecks } from "./inspector/checks";
import { startInspector } from "./inspector/lines";
import { metaOf, open, startPhone } from "./phone/phone";
import { startTour } from "./tour/tour";

/** The page that plays the people's phones. */
async function start(root: HTMLElement): Promise<void> {
  speak(document.documentElement.lang === "en" ? "en" : "ru");
  render(<App />, root);
  await connect();
  startInspector((await api.state().catch(() => null))?.wire ?? []);
  startPhone();
  startOutbox();
  startChecks();
  follow(new URLSearchParams(location.search));
}

/** `?tour=auto` plays the tour by itself; a deep link into the app has become `?app=…` on its way here. */
function follow(query: URLSearchParams): void {
  if (query.get("tour") === "auto") void startTour({ isWatched: false });
  if (!server.value || query.get("app") !== server.value.bot.id) return;
  query.delete("app");
  const meta = metaOf(`/open/smartapp/${server.value.bot.id}?${query.toString()}`);
  open({ initiator: "deeplink", meta });
}

const root = document.getElementById("app");
if (root) void start(root);
