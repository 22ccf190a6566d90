import { effect, signal } from "@preact/signals";

import { api } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { ApplicationView } from "../../api/types";
import { applicationChanged } from "../../app/data";
import { user } from "../../app/session";
import { host } from "../../platform";
import { celebrated } from "./celebrated";
import { draftOf } from "./drafts";
import { keep, queue, restoreQueue, stored, watchQueue, type QueuedItem } from "./queued";
import { refusalOf } from "./refusals";

export type { QueuedItem } from "./queued";

const LOCK = "express-bot-queue";
const RETRY_MS = [10_000, 30_000, 60_000];

/** Numbers that the queue's keys became, for the page that waits for one of them. */
export const delivered = signal<Readonly<Record<string, string>>>({});

let timer: ReturnType<typeof setTimeout> | undefined;
let tries = 0;
let running: Promise<void> | null = null;

/** Begins with the person's own queue whenever somebody signs in; runs as long as the page. */
export function startQueue(): void {
  effect(() => {
    if (!user.value) return;
    const stop = watchQueue();
    void restoreQueue().then(flush);
    const stopNetwork = host.online.subscribe((online) => online && void flush());
    return () => {
      stop();
      stopNetwork();
    };
  });
}

/** What waits on this device; a component that reads it is drawn again when it changes. */
export function useQueue(): QueuedItem[] {
  return queue.value;
}

export function enqueue(item: QueuedItem): void {
  keep([...stored().filter((each) => each.client_key !== item.client_key), item]);
  schedule();
}

/** Nothing was sent yet: the answers are still there as a draft. */
export function cancelQueued(clientKey: string): void {
  keep(stored().filter((item) => item.client_key !== clientKey));
}

/** Sends what waits, one tab at a time. Two tabs at once would do no harm either: the key is the same. */
export async function flush(): Promise<void> {
  if (stored().length === 0 || !host.online.peek()) return;
  await (running ??= alone().finally(() => (running = null)));
}

/** Origins without https have no locks, and a frame whose storage is closed is refused them. */
async function alone(): Promise<void> {
  const locks = navigator.locks as LockManager | null | undefined;
  if (!locks) return sendAll();
  const turn = (lock: Lock | null) => (lock ? sendAll() : schedule());
  await locks.request(LOCK, { ifAvailable: true }, turn).catch((failure: unknown) => {
    if (!isRefusal(failure)) throw failure;
    return sendAll();
  });
}

function isRefusal(failure: unknown): boolean {
  return failure instanceof DOMException && (failure.name === "SecurityError" || failure.name === "InvalidStateError");
}

async function sendAll(): Promise<void> {
  for (const item of stored()) {
    try {
      accepted(item, await send(item));
    } catch (failure) {
      if (mayPass(failure)) return schedule();
      refused(item, failure);
    }
  }
  tries = 0;
}

export function send({ form, answers, period, client_key }: QueuedItem): Promise<ApplicationView> {
  return api.submit({ form, answers, ...(period === null ? {} : { period }) }, client_key);
}

function accepted(item: QueuedItem, view: ApplicationView): void {
  delivered.value = { ...delivered.value, [item.client_key]: view.number };
  celebrated.set(view.number, "now");
  cancelQueued(item.client_key);
  draftOf(item.form).forgetSent(item.client_key);
  applicationChanged(view);
}

/** The server's "no" goes to the draft: home says why, the form opens with everything that was typed (ux B4). */
function refused(item: QueuedItem, failure: unknown): void {
  cancelQueued(item.client_key);
  draftOf(item.form).refuse(item, refusalOf(failure, item.timezone));
}

/** No answer, an overloaded server, a session that has to be renewed: the same call may pass later. */
export function mayPass(failure: unknown): boolean {
  if (!(failure instanceof ApiError)) return false;
  return failure.network || [401, 429, 502, 503, 504].includes(failure.status);
}

function schedule(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
  tries += 1;
}
