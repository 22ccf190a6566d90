import { signal } from "@preact/signals";

import type { Locale } from "../api/types";
import type { ru } from "./ru";
import { first } from "./ru/first";
import { unbreak } from "./typography";

export * from "./dates";

/** A text, or its plural forms chosen by `count` (Intl.PluralRules: one, few, many, other). */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;
export type MessageKey = keyof typeof ru;
export type Catalog = Readonly<Record<MessageKey, Message>>;
export type Params = Readonly<Record<string, string | number>>;

export const locales: readonly Locale[] = ["ru", "en"];
export const locale = signal<Locale>("ru");

/** Complete once the later screens are there: `learn`. */
const russian = { ...first } as Catalog;
const catalogs: Partial<Record<Locale, Catalog>> = { ru: russian };

/** Texts of screens that come later, and are drawn by nothing else. */
export function learn(later: Partial<Catalog>): void {
  Object.assign(russian, later);
}

/** Russian travels with the app; another language is one more small file, loaded before the switch. */
export async function setLocale(next: Locale): Promise<void> {
  if (next === "en") catalogs.en ??= (await import("./en")).en;
  locale.value = next;
  document.documentElement.lang = next;
}

/** The text of `key` in the current language; reading it in a component subscribes to the language. */
export function t(key: MessageKey, params: Params = {}): string {
  const message: Message = (catalogs[locale.value] ?? russian)[key];
  return unbreak(fill(form(message, locale.value, Number(params.count)), params));
}

/** Chooses the plural form; catalogs of forms sent by the server use the same rule. */
export function form(message: Message, language: Locale, count: number): string {
  if (typeof message === "string") return message;
  return message[pluralRules(language).select(Math.abs(count))] ?? message.other;
}

/** Replaces `{name}`; an unknown name stays visible, so that tests catch it. */
export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

const rules = new Map<Locale, Intl.PluralRules>();

function pluralRules(language: Locale): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}

export function isLocale(value: unknown): value is Locale {
  return value === "ru" || value === "en";
}
