import { effect, signal } from "@preact/signals";

import { api, Refused, type Acting } from "../data/api";
import { acting, alert, isOffline } from "../data/store";
import { t } from "../i18n";

/** What was typed while the phone had no network; it goes in order when the network is back. */
export interface Waiting {
  id: number;
  who: Acting;
  text: string;
}

export const waiting = signal<Waiting[]>([]);
let nextId = 1;

export async function say(text: string): Promise<void> {
  const who = acting();
  if (isOffline.value || waiting.value.length > 0) return hold(who, text);
  try {
    await api.text(who, text);
  } catch (failure) {
    if (failure instanceof Refused && failure.isOffline) hold(who, text);
    else alert.value = t("chat.notSent");
  }
}

function hold(who: Acting, text: string): void {
  waiting.value = [...waiting.value, { id: nextId++, who, text }];
}

export function startOutbox(): void {
  effect(() => {
    if (!isOffline.value && waiting.value.length > 0) void sendAll();
  });
}

const RETRY_MS = 1_500;
let isSending = false;

async function sendAll(): Promise<void> {
  if (isSending) return;
  isSending = true;
  try {
    for (let next = waiting.value[0]; next && !isOffline.value; next = waiting.value[0]) {
      await api.text(next.who, next.text);
      waiting.value = waiting.value.slice(1);
    }
  } catch {
    setTimeout(() => void sendAll(), RETRY_MS); // nothing typed is lost meanwhile
  } finally {
    isSending = false;
  }
}
