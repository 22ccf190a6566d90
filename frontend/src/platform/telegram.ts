import { computed, signal } from "@preact/signals";

import type { Host, Platform } from "./host";
import { TelegramClient } from "./telegram-client";
import { Launch, startOf } from "./telegram-launch";
import { MainButton } from "./telegram-main-button";
import { WriteAccess } from "./telegram-write-access";

/** What the page knows about our bot there. */
export interface TelegramFacts {
  /** Origins that may frame the app. */
  ancestors: readonly string[];
  /** `https://t.me/<bot>`; null when nobody has told it. */
  chat: string | null;
  /** `https://t.me/<bot>/<app>`; null when nobody has told it. */
  app: string | null;
}

/** The Telegram client around the page, on top of what its WebView has as a browser. */
export function createTelegramHost(browser: Host, { ancestors, chat, app }: TelegramFacts): Host {
  const launch = Launch.read(browser.tab);
  const client = new TelegramClient(launch, () => browser.theme.peek(), ancestors);
  new MainButton(client);
  const writing = new WriteAccess(client, browser.storage, launch);
  return {
    ...browser,
    kind: "telegram",
    platform: platformOf(launch.platform),
    lost: signal(false),
    theme: computed(() => client.scheme.value ?? browser.theme.value),
    visible: computed(() => browser.visible.value && client.shown.value),
    locale: launch.language,
    askedLocale: null,
    launch: signal(launch.place ?? browser.launch.peek()),
    routeChanged: (isRoot) => void client.tell("web_app_setup_back_button", { is_visible: !isRoot }),
    onBack: (listener) => client.onBack(() => listener("back")),
    close: () => void client.tell("web_app_close"),
    haptic: (kind) => void client.tell("web_app_trigger_haptic_feedback", hapticOf(kind)),
    // Telegram has no number on a Mini App.
    badge: () => undefined,
    openChat: () => Promise.resolve(chat === null ? client.tell("web_app_close") : openLink(client, chat)),
    askToWrite: () => writing.ask(),
    linkTo: app === null ? null : (place) => Promise.resolve(linkOf(app, startOf(place))),
    openOutside: (address) => client.tell("web_app_open_link", { url: address }),
    proof: launch,
    account: () => Promise.resolve(launch.account),
  };
}

function platformOf(platform: string): Platform {
  if (platform === "ios") return "ios";
  return platform.startsWith("android") ? "android" : "web";
}

function hapticOf(kind: "selection" | "success" | "error"): object {
  return kind === "selection" ? { type: "selection_change" } : { type: "notification", notification_type: kind };
}

/** Where the bot's name is not known the app closes: behind it is the chat that it was opened from. */
function openLink(client: TelegramClient, link: string): boolean {
  return client.tell("web_app_open_tg_link", { path_full: new URL(link).pathname });
}

function linkOf(app: string, start: string | null): string | null {
  return start === null ? null : `${app}?startapp=${start}`;
}
