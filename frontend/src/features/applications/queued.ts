import { signal } from "@preact/signals";

import type { Answers } from "../../api/types";
import { user } from "../../app/session";
import { local } from "./local";

/** An application that was pressed "send" without a network. Its key makes any number of tries one application. */
export interface QueuedItem {
  form: string;
  answers: Answers;
  client_key: string;
  period: number | null;
  closes_at: string | null;
  timezone: string | null;
  /** «Сочи, 15 января», for the row on the home page. */
  title: string;
  queued_at: string;
}

const NAME = "queue";

export const queue = signal<QueuedItem[]>([]);

/** What waits according to the device: another tab may have sent it a moment ago. */
export function stored(): QueuedItem[] {
  return (local.read(NAME) as QueuedItem[] | null) ?? queue.peek();
}

export function keep(items: QueuedItem[]): void {
  queue.value = items;
  local.write(NAME, items);
}

export function reload(): void {
  queue.value = (local.read(NAME) as QueuedItem[] | null) ?? [];
}

/** Where a messenger has cleaned the first copy away, its own store still knows what waits. */
export async function restoreQueue(): Promise<void> {
  const owner = user.peek()?.id;
  const kept = await local.far<QueuedItem[]>(NAME);
  const isMissing = local.read(NAME) === null && queue.peek().length === 0;
  if (kept && kept.length > 0 && isMissing && owner === user.peek()?.id) keep(kept);
}

export function watchQueue(): () => void {
  reload();
  return local.watch(NAME, reload);
}

export function isQueued(clientKey: string): boolean {
  return queue.value.some((item) => item.client_key === clientKey);
}
