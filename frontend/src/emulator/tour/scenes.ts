import { api } from "../data/api";
import { acting, become, breakThings, businessTime, chat, commands, hasTravelled, me, persona, shown } from "../data/store";
import { say as type, waiting } from "../chat/outbox";
import { t } from "../i18n";
import { crossings, open, startAfresh, wanted } from "../phone/phone";
import { tick } from "../inspector/checks";
import { dwell, Ended, say, until } from "./director";
import { answerAll, beginFiling, choose, fromBot, offers } from "./walk";

export type Scene = () => Promise<void>;

/** A number that the demo's staff list knows. */
const NUMBER = "100777";
const PLAYERS = ["newcomer", "employee", "matched"] as const;

async function prepare(): Promise<void> {
  say("tour.prepare");
  if (hasTravelled.value) await api.clock("now");
  for (const player of PLAYERS) await api.clear(player);
  // last: with empty chats the bot greets anew, and by then it has to be true what it says
  await api.reset();
}

/** A first application from the chat: nothing is asked that is known already. */
async function newcomer(): Promise<void> {
  await enter("newcomer");
  say("tour.newcomer");
  await dwell(2_000);
  await beginFiling();
  say("tour.newcomer.questions");
  await answerAll(NUMBER);
  say("tour.newcomer.check");
  await dwell(1_500);
  await send();
  say("tour.newcomer.sent");
  await dwell(2_000);
}

/** Three presses for somebody who has flown before; the card is edited in place. */
async function returning(): Promise<void> {
  await enter("employee");
  say("tour.returning");
  await dwell(1_500);
  await beginFiling();
  const more = await answerAll(NUMBER);
  await send();
  if (more <= 1) tick("three");
  say("tour.returning.sent", { count: more + 2 });
  await dwell(2_000);
}

/** The network goes away before the last word: it waits on the phone and goes once. */
async function offline(): Promise<void> {
  await enter("matched");
  say("tour.offline");
  await beginFiling();
  await answerAll(NUMBER);
  await breakThings({ network: "none" });
  say("tour.offline.gone");
  const before = shown.value.length;
  void type(t("tour.sendWord"));
  await until("a message that waits", () => waiting.value.length === 1);
  await dwell(2_500);
  if (shown.value.length !== before) throw new Ended("something came without a network");
  await breakThings({ network: "ok" });
  say("tour.offline.back");
  await sent();
  await dwell(1_500);
}

/** The same application in the app, over the bridge. */
async function app(): Promise<void> {
  say("tour.app");
  const since = crossings.value.length;
  open({ initiator: "deeplink", meta: { to: "all" } });
  await until("the app over the bridge", () => crossings.value.slice(since).some(isList), 30);
  await dwell(3_000);
}

const isList = (crossing: { way: string; method: string }) => crossing.way === "in" && crossing.method === "applications.list";

/** Filed in the app: the chat is told by the bot itself. */
async function notice(): Promise<void> {
  wanted.value = "chat";
  say("tour.notice");
  await dwell(1_500);
  const before = fromBot()?.id;
  await fileCertificate();
  await until("a word of the bot by itself", () => fromBot()?.id !== before && offers(/^app:/), 30);
  say("tour.notice.came");
  await dwell(2_500);
}

const DAY_MS = 86_400_000;

/** The very call that the app would make over the bridge. */
async function fileCertificate(): Promise<void> {
  const soon = new Date(Date.parse(businessTime.value ?? new Date().toISOString()) + 10 * DAY_MS);
  const answers = { document: "employment", copies: 1, needed_by: soon.toISOString().slice(0, 10), delivery: "office" };
  const payload = { body: { form: "certificate", answers }, client_key: crypto.randomUUID() };
  await api.appEvent(acting(), { ref: crypto.randomUUID(), type: "smartapp_rpc", method: "submit", handler: "botx", payload });
}

async function broken(): Promise<void> {
  await enter("employee");
  say("tour.broken");
  await breakThings({ botx: "503" });
  const before = fromBot()?.id;
  await api.text({ persona: persona.value, phone: { platform: "web", locale: "ru" } }, "/start");
  await dwell(2_500);
  if (fromBot()?.id !== before) throw new Ended("the bot spoke through a broken BotX");
  await breakThings({ botx: "ok" });
  say("tour.broken.mended");
  await until("what the bot owed", () => fromBot()?.id !== before, 30);
  await dwell(1_500);
}

/** In front of the chat of somebody, once the bot has greeted. */
async function enter(player: string): Promise<void> {
  wanted.value = "chat";
  become(player);
  startAfresh();
  await until("the person", () => me.value?.persona === player && chat.value?.opened);
  await until("a greeting", () => fromBot() ?? (commands.value.length > 0 && null), 30);
}

async function send(): Promise<void> {
  await choose(/^send$/);
  await sent();
}

/** In the chat and in the product: one application of this person. */
async function sent(): Promise<void> {
  await until("the number of the application", () => offers(/^app:/), 45);
  const { applications } = await api.house(persona.value);
  const filed = applications?.items.filter(({ status }) => status === "submitted");
  if (filed?.length !== 1) throw new Ended(`${String(filed?.length)} applications instead of one`);
}

export const SCENES: readonly Scene[] = [prepare, newcomer, returning, offline, broken, app, notice];
