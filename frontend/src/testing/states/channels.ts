import * as f from "../fixtures";
import { press, type } from "../press";
import { problem } from "../mock";
import type { States } from "../state";
import type { Locale } from "../../api/types";

const both = () => ({
  "GET me/notifications": f.preferences({ channels: ["express", "telegram"], preferred: "express", timezone: "Asia/Vladivostok", timezone_chosen: true }),
  "GET links": f.links(f.link("express"), f.link("telegram", { removable: true })),
});

/** Somebody whom only Telegram knows. Imported late: the app must not wake before the gallery has set its stage. */
async function beGuest(locale: Locale): Promise<void> {
  const { sessionState, user } = await import("../../app/session");
  user.value = f.user(locale, { roles: [], profile_complete: false });
  sessionState.value = "guest";
}

const words = (locale: Locale, ru: string, en: string) => (locale === "ru" ? ru : en);

/** E12: what a person is told and where; the guest of Telegram. */
export const states: States = {
  "channels.one": () => ({ route: "/me" }),
  "channels.two": () => ({ route: "/me", api: both() }),
  "channels.none": () => ({
    route: "/me",
    api: { "GET me/notifications": f.preferences({ channels: [], muted: {} }), "GET links": f.links(f.link("demo")) },
  }),
  "channels.dispatcher": (locale) => ({
    route: "/me",
    api: { "GET info": f.info(locale, { user: f.user(locale, { roles: ["employee", "dispatcher"] }) }) },
  }),
  "channels.unreachable": () => ({
    route: "/me",
    api: { "GET links": f.links(f.link("express"), f.link("telegram", { reachable: false, removable: true })) },
  }),
  "channels.failed": () => ({
    route: "/me",
    api: {
      "GET me/notifications": problem(503, "database_unavailable", { detail: "" }),
      "GET links": problem(503, "database_unavailable", { detail: "" }),
    },
  }),
  "channels.quiet-off": () => ({
    route: "/me",
    api: { "GET me/notifications": f.preferences({ quiet: { from: "22:00:00", to: "08:00:00", on: false } }) },
  }),
  "channels.code": (locale) => ({
    route: "/me",
    play: (_page, settle) => press(settle, words(locale, "Подключить Telegram", "Connect Telegram")),
  }),
  "channels.code-over": (locale) => ({
    route: "/me",
    api: { "POST link-code": f.linkCode(-1) },
    play: (_page, settle) => press(settle, words(locale, "Подключить Telegram", "Connect Telegram")),
  }),
  "channels.code-refused": (locale) => ({
    route: "/me",
    api: { "POST link-code": problem(429, "too_many_attempts", { detail: words(locale, "Слишком много попыток. Подождите минуту.", "Too many attempts. Wait a minute.") }) },
    play: (_page, settle) => press(settle, words(locale, "Подключить Telegram", "Connect Telegram")),
  }),
  "channels.enter-short": (locale) => ({
    route: "/me",
    play: async (page, settle) => {
      page.querySelectorAll("details").forEach((each) => (each.open = true));
      await type(settle, "#f-code", "4829");
      await press(settle, words(locale, "Связать", "Link"), page.querySelector("details") ?? page);
    },
  }),
  "channels.remove": (locale) => ({
    route: "/me",
    api: both(),
    play: (_page, settle) => press(settle, words(locale, "Отключить Telegram", "Disconnect Telegram")),
  }),
  "guest.first": (locale) => ({ play: () => beGuest(locale) }),
  "guest.code": (locale) => ({
    play: async (_page, settle) => {
      await beGuest(locale);
      await press(settle, words(locale, "Получить код", "Get a code"));
    },
  }),
  "guest.wrong": (locale) => ({
    api: { "POST links": problem(409, "link_code_wrong", { detail: words(locale, "Код не подошёл. Проверьте цифры.", "The code does not match. Check the digits.") }) },
    play: async (_page, settle) => {
      await beGuest(locale);
      await type(settle, "#f-code", "482 914");
      await press(settle, words(locale, "Связать", "Link"), document.querySelector("form") ?? document);
    },
  }),
};
