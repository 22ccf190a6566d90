import { effect } from "@preact/signals";

import { api } from "../api/client";
import type { Locale } from "../api/types";
import { isLocale, locale, setLocale } from "../i18n";
import { host } from "../platform";
import { config } from "./config";

const CHOSEN = "locale";

/** Before anybody is known: what this opening asks for, what was chosen here before, what the device speaks. */
export async function startLocale(): Promise<void> {
  const chosen = await host.storage.get<string>(CHOSEN);
  const wishes = [host.askedLocale, chosen, host.locale, config.locales[0], "ru"];
  const wish = wishes.find((each) => isLocale(each) && config.locales.includes(each));
  await setLocale(isLocale(wish) ? wish : "ru");
}

/** The person's own setting, unless this opening was told otherwise. */
export async function applyUserLocale(wish: Locale): Promise<void> {
  if (host.askedLocale || wish === locale.peek()) return;
  await host.storage.set(CHOSEN, wish);
  await setLocale(wish);
}

/** Chosen in the profile: at once on this device, and for every other door through the server. */
export async function chooseLocale(wish: Locale): Promise<void> {
  await host.storage.set(CHOSEN, wish);
  await setLocale(wish);
  await api.patchMe({ locale: wish });
}

/** boot.js has set the theme before the first paint; from here it follows the host. */
export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = host.theme.value;
  });
}
