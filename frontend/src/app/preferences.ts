import { effect } from "@preact/signals";

import { api } from "../api/client";
import type { Locale } from "../api/types";
import { isLocale, locale, setLocale } from "../i18n";
import { host } from "../platform";
import { config } from "./config";

/** What was chosen on this device; `unsent` until the server has heard of it. */
interface Chosen {
  locale: Locale;
  unsent: boolean;
}

const CHOSEN = "locale";
let chosen: Chosen | undefined;
/** An answer that was under way while the person chose still tells the old language: nothing may flip it back. */
let choseHere = false;

/** Before anybody is known: what this opening asks for, what was chosen here before, what the device speaks. */
export async function startLocale(): Promise<void> {
  chosen = await host.storage.get<Chosen>(CHOSEN);
  const wishes = [host.askedLocale, chosen?.locale, host.locale, config.locales[0], "ru"];
  const wish = wishes.find((each) => isLocale(each) && config.locales.includes(each));
  await setLocale(isLocale(wish) ? wish : "ru");
}

/** The person's own setting as the server knows it; a choice made here that it has not heard of yet is stronger, and
 *  so is what this opening was told to use. In a messenger the app speaks its language until one is chosen here. */
export async function meetUserLocale(known: Locale): Promise<void> {
  if (host.askedLocale || !config.locales.includes(known)) return;
  if (chosen?.unsent) return tell(chosen.locale);
  if (choseHere || known === locale.peek() || followsMessenger()) return;
  await keep({ locale: known, unsent: false });
  await setLocale(known);
}

function followsMessenger(): boolean {
  return host.kind !== "browser" && isLocale(host.locale) && config.locales.includes(host.locale);
}

/** Chosen in the profile: at once on this device, and for every other door through the server. */
export async function chooseLocale(wish: Locale): Promise<void> {
  choseHere = true;
  await keep({ locale: wish, unsent: true });
  await setLocale(wish);
  await tell(wish);
}

async function tell(wish: Locale): Promise<void> {
  await api.patchMe({ locale: wish });
  if (chosen?.locale === wish) await keep({ locale: wish, unsent: false });
}

async function keep(next: Chosen): Promise<void> {
  chosen = next;
  await host.storage.set(CHOSEN, next);
}

/** boot.js has set the theme before the first paint; from here theme and room follow the host. */
export function followLooks(): void {
  const { dataset } = document.documentElement;
  effect(() => {
    dataset.theme = host.theme.value;
  });
  effect(() => {
    if (host.layout.value) dataset.layout = host.layout.value;
  });
}
