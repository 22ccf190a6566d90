import { batch, computed, signal } from "@preact/signals";

import { locale } from "../i18n";
import { api, type Acting } from "./api";
import type { ChatEvent, ChatView, Command, Faults, FeedEvent, HouseEvent, MessageView, Person, Snapshot } from "./types";

/** Everything the page knows, as the messenger told it; parts of the page read it and are drawn anew. */
export const phase = signal<"starting" | "ready" | "away">("starting");
export const server = signal<Pick<Snapshot, "bot" | "host" | "appUrl" | "botUrl"> | null>(null);
export const people = signal<Person[]>([]);
export const chats = signal<ReadonlyMap<string, ChatView>>(new Map());
export const messages = signal<ReadonlyMap<string, MessageView>>(new Map());
export const faults = signal<Faults | null>(null);
export const typing = signal<ReadonlySet<string>>(new Set());
export const commands = signal<Command[]>([]);
/** Null: the real time runs. */
export const businessTime = signal<string | null>(null);
/** The clock was moved from a page of the messenger, which will also bring it back. */
export const hasTravelled = signal(false);
/** A sentence that the messenger shows over the chat: a button's alert, or why a press was not taken. */
export const alert = signal<string | null>(null);

export const persona = signal("employee");
/** Null: the person's own chat with the bot. */
export const otherChat = signal<string | null>(null);
export const platform = signal<"web" | "ios" | "android">("web");

export const me = computed(() => people.value.find((person) => person.persona === persona.value) ?? null);
export const chat = computed(() => chats.value.get(otherChat.value ?? me.value?.chat ?? "") ?? null);
export const isOffline = computed(() => faults.value?.network === "none");
/** Nothing new is shown: there is no network, or the chat lags behind while presses go out. */
export const isFrozen = computed(() => isOffline.value || faults.value?.stale_chat === true);
export const unread = computed(() => chat.value?.unread[me.value?.huid ?? ""] ?? 0);

/** What this person sees in this chat, oldest first. */
export const shown = computed(() => {
  const huid = me.value?.huid ?? "";
  const mine = (message: MessageView) =>
    message.chat === chat.value?.id && (message.recipients === null || message.recipients.includes(huid));
  return [...messages.value.values()].filter(mine);
});

export function acting(): Acting {
  const where = otherChat.value ? { chat: otherChat.value } : {};
  return { persona: persona.value, phone: { platform: platform.value, locale: locale.value }, ...where };
}

/** The number of the last event that the state taken in has in it. */
let since = 0;
let loads = 0;
/** Events that came while a state was on its way: it may be older than they are. */
let meanwhile: ChatEvent[] = [];

/** Everything anew: after a reset, and when a frozen phone is mended. */
export async function load(): Promise<number> {
  loads += 1;
  const state = await api.state().finally(() => (loads -= 1));
  if (state.seq >= since) take(state);
  if (loads === 0) meanwhile = [];
  return state.seq;
}

/** As `load`, from a messenger that may be another one, whose events begin at one again. */
export function loadAfresh(): Promise<number> {
  since = 0;
  return load();
}

function take(state: Snapshot): void {
  since = state.seq;
  batch(() => {
    const { bot, host, appUrl, botUrl } = state;
    server.value = { bot, host, appUrl, botUrl };
    people.value = state.people;
    chats.value = new Map(state.chats.map((each) => [each.id, each]));
    messages.value = new Map(state.messages.map((each) => [each.id, each]));
    faults.value = state.faults;
    phase.value = "ready";
    meanwhile.filter(({ seq }) => seq > since).forEach(applyChat);
  });
}

/** A frozen phone shows nothing new; it catches up when it is mended. */
export function apply(event: FeedEvent): void {
  if (event.topic === "chat" && !isFrozen.value) hearChat(event);
  if (event.topic === "house") applyHouse(event);
}

function hearChat(event: ChatEvent): void {
  if (loads > 0) meanwhile.push(event);
  if (event.seq > since) applyChat(event);
}

function applyChat(event: ChatEvent): void {
  const { message } = event;
  if (message) {
    messages.value = new Map(messages.value).set(message.id, message);
    setUnread(message.chat, event.unread ?? {});
  }
  if (typeof event.chat === "object") {
    chats.value = new Map(chats.value).set(event.chat.id, event.chat);
    if (event.kind === "read" && event.huid) markRead(event.chat.id, event.huid);
  }
  if (event.kind === "typing" && typeof event.chat === "string") setTyping(event.chat, event.on === true);
  if (event.kind === "message" && message?.author === server.value?.bot.id) setTyping(message?.chat ?? "", false);
  if (event.kind === "press_failed" && event.chat === chat.value?.id) alert.value = event.refusal ?? null;
}

function markRead(chatId: string, huid: string): void {
  const isNew = (message: MessageView) => message.chat === chatId && message.author !== huid && !message.read.includes(huid);
  const read = [...messages.value].map(([id, it]) => [id, isNew(it) ? { ...it, read: [...it.read, huid] } : it] as const);
  messages.value = new Map(read);
}

function setUnread(id: string, counts: Record<string, number>): void {
  const known = chats.value.get(id);
  if (known) chats.value = new Map(chats.value).set(id, { ...known, unread: counts });
}

/** Some seconds at most, as the messenger's clients do: a bot that died while typing does not type for ever. */
const TYPING_MS = 6_000;

function setTyping(id: string, on: boolean): void {
  const next = new Set(typing.value);
  if (on) next.add(id);
  else next.delete(id);
  typing.value = next;
  if (on) setTimeout(() => setTyping(id, false), TYPING_MS);
}

/** Sets switches; what they do to this phone holds at once, not when the event comes round. */
export async function breakThings(wanted: Partial<Faults>): Promise<void> {
  takeFaults(await api.faults(wanted));
}

function takeFaults(next: Faults): void {
  const wasFrozen = isFrozen.value;
  faults.value = next;
  if (wasFrozen && !isFrozen.value) void load();
}

function applyHouse(event: HouseEvent): void {
  if (event.kind === "faults" && event.faults) takeFaults(event.faults);
  if (event.kind === "clock") {
    hasTravelled.value = event.to !== "now";
    businessTime.value = event.to === "now" ? null : (event.now ?? null);
  }
  if (event.kind === "reset") {
    alert.value = null;
    void load().then(openChat);
  }
}

/** A clock that goes differently from this machine's has been moved, by whoever. */
const MOVED_MS = 60_000;

export function takeBusinessTime(now: string): void {
  businessTime.value = Math.abs(Date.parse(now) - Date.now()) > MOVED_MS ? now : null;
}

/** The chat comes before somebody's eyes: the bot hears of a new one, and tells its commands. */
export async function openChat(): Promise<void> {
  commands.value = [];
  const who = acting();
  const answer = await api.open(who).catch(() => null);
  if (answer && who.persona === persona.value) commands.value = answer.commands;
}

export function become(next: string): void {
  batch(() => {
    persona.value = next;
    otherChat.value = null;
    alert.value = null;
  });
  void openChat();
}

export function goTo(chatId: string | null): void {
  otherChat.value = chatId === me.value?.chat ? null : chatId;
  void openChat();
}
