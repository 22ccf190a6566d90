import * as f from "../fixtures";
import { problem } from "../mock";
import type { States } from "../state";

const press = (page: HTMLElement, selector: string) => page.querySelector<HTMLElement>(selector)?.click();

/** E1 and E12. */
export const states: States = {
  "first.is-it-you": (locale) => ({ route: "/profile", api: { "GET me": f.newcomer(locale) } }),
  "first.correct-name": (locale) => ({
    route: "/profile",
    api: { "GET me": f.newcomer(locale) },
    play: (page) => press(page, ".actions .secondary"),
  }),
  "first.base": (locale) => ({ route: "/profile?step=location", api: { "GET me": f.newcomer(locale) } }),
  "first.base-missing": (locale) => ({
    route: "/profile?step=location",
    api: { "GET me": f.newcomer(locale) },
    play: (page) => press(page, "button[type=submit]"),
  }),
  "first.number": (locale) => ({ route: "/profile?step=personnel_number", api: { "GET me": f.newcomer(locale) } }),
  "first.confirm": (locale) => ({ route: "/profile", api: { "GET me": f.matched(locale) } }),
  "first.confirm-failed": (locale) => ({
    route: "/profile",
    api: { "GET me": f.matched(locale), "PATCH me": problem(503, "database_unavailable", { detail: "" }) },
    play: (page) => press(page, ".actions .primary"),
  }),
  "profile.edit": () => ({ route: "/profile" }),
  "profile.edit-refused": () => ({
    route: "/profile",
    api: {
      "PATCH me": problem(422, "invalid_answers", {
        errors: [
          { field: "unit", code: "required", message: "Выберите подразделение" },
          { field: "personnel_number", code: "too_short", message: "В табельном номере 6 цифр, сейчас 5" },
        ],
      }),
    },
    play: (page) => press(page, "button[type=submit]"),
  }),
  "profile.me": () => ({ route: "/me" }),
};
