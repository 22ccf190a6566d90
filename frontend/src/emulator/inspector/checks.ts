import { effect, signal } from "@preact/signals";

import { faults, isOffline, server } from "../data/store";
import { onEvent } from "../data/stream";
import type { ChatEvent, FeedEvent } from "../data/types";
import { crossings } from "../phone/phone";
import { house } from "./StateViewer";

export const CHECKS = ["three", "double", "offline", "botx", "callbacks", "shared", "link", "access"] as const;
export type Check = (typeof CHECKS)[number];

/** Properties that were seen to hold in this sitting; they tick themselves. */
export const ticked = signal<ReadonlySet<Check>>(new Set());

export function tick(check: Check): void {
  if (!ticked.value.has(check)) ticked.value = new Set(ticked.value).add(check);
}

/** Presses since something was typed or an application was filed. */
let presses = 0;
let typed = false;
let known: ReadonlySet<string> | null = null;
let sawTwice = false;
let wasOffline = false;
let botxWasDown = false;
let callbacksWereBroken = false;
let draftFromChat = false;

export function startChecks(): void {
  onEvent(hear);
  effect(() => {
    const now = faults.value;
    if (isOffline.value) wasOffline = true;
    if (now && now.botx !== "ok") botxWasDown = true;
    if (now && now.callbacks !== "ok") callbacksWereBroken = true;
    if (now?.duplicate_events) sawTwice = true;
  });
  effect(() => {
    const numbers = house.value?.applications?.items.filter(({ status }) => status === "submitted").map(({ number }) => number);
    if (numbers) judge(new Set(numbers));
  });
  effect(() => {
    const last = crossings.value.at(-1);
    if (last?.method === "ready" && JSON.stringify(last.payload).includes('"initiator":"deeplink"')) tick("link");
    if (draftFromChat && last?.way === "in" && last.method === "draft.read" && JSON.stringify(last.payload).includes('"answers":{"')) tick("shared");
  });
}

function hear(event: FeedEvent): void {
  if (event.topic === "wire" && event.kind === "bot" && event.path === "/command") command(event.request);
  if (event.topic === "chat") fromBot(event);
  if (event.topic === "house" && event.kind === "reset") [presses, typed, known] = [0, false, null];
}

function command(request: unknown): void {
  const { source_sync_id: pressed, command } = request as { source_sync_id?: string | null; command?: { body?: string } };
  if (command?.body?.startsWith("system:")) return;
  if (pressed) {
    presses += 1;
    draftFromChat = true;
  } else {
    typed = true;
    presses = 0;
  }
}

/** A message of the bot that came after trouble is the proof that the trouble is over. */
function fromBot({ kind, message }: ChatEvent): void {
  const isNews = (kind === "message" || kind === "edited") && message?.author === server.value?.bot.id;
  if (!isNews || !faults.value) return;
  if (botxWasDown && faults.value.botx === "ok") tick("botx");
  if (callbacksWereBroken && faults.value.callbacks === "ok") tick("callbacks");
}

function judge(numbers: ReadonlySet<string>): void {
  const fresh = known === null ? [] : [...numbers].filter((number) => !known?.has(number));
  known = numbers;
  if (fresh.length !== 1) return;
  if (presses > 0 && presses <= 3 && !typed) tick("three");
  if (sawTwice) tick("double");
  if (wasOffline && !isOffline.peek()) tick("offline");
  [presses, typed] = [0, false];
}
