import { api, Refused } from "../data/api";
import { acting, alert } from "../data/store";
import type { ButtonView, MessageView } from "../data/types";
import { t } from "../i18n";
import { openLink } from "../phone/phone";

/** A press: the client opens links and shows alerts by itself, everything else is the bot's. */
export async function press(message: MessageView, markup: "bubble" | "keyboard", row: number, column: number): Promise<void> {
  try {
    const { link, alert: told } = await api.press(acting(), message, markup, row, column);
    if (link) openLink(link);
    if (told) alert.value = told;
  } catch (failure) {
    alert.value = t(failure instanceof Refused && failure.isOffline ? "chat.offline" : "chat.notPressed");
  }
}

/** The button a person would find by its words, newest message first; for the tour and for tests. */
export function find(messages: readonly MessageView[], matches: (button: ButtonView) => boolean) {
  for (const message of [...messages].reverse()) {
    for (const markup of ["bubble", "keyboard"] as const) {
      for (const [row, buttons] of message[markup].entries()) {
        const column = buttons.findIndex(matches);
        if (column >= 0) return { message, markup, row, column };
      }
    }
  }
  return null;
}

export async function sendFile(file: Blob, name: string, size = 0): Promise<void> {
  try {
    await api.chatFile(acting(), file, name, size);
  } catch (failure) {
    alert.value = t(failure instanceof Refused && failure.isOffline ? "chat.offline" : "chat.notSent");
  }
}
