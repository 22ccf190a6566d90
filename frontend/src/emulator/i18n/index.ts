import { signal } from "@preact/signals";

import { fill, form, type Message, type Params } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { en } from "./en";
import { ru } from "./ru";

/** The page's own texts: both languages at once, for people who look at both. */
export type Key = keyof typeof ru;
export type Locale = "ru" | "en";
export type Catalog = Readonly<Record<Key, Message>>;

const catalogs: Record<Locale, Catalog> = { ru, en };

export const locale = signal<Locale>("ru");

export function speak(next: Locale): void {
  locale.value = next;
  document.documentElement.lang = next;
  document.title = t("title");
}

/** The text of `key` in the current language; reading it in a component subscribes to the language. */
export function t(key: Key, params: Params = {}): string {
  const message = catalogs[locale.value][key];
  return unbreak(fill(form(message, locale.value, Number(params.count)), params));
}

/** A text that may be missing: names made from what comes over the wire. */
export function maybe(key: string, params: Params = {}): string | null {
  return Object.hasOwn(ru, key) ? t(key as Key, params) : null;
}
