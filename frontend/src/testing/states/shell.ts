import * as f from "../fixtures";
import { problem } from "../mock";
import type { States } from "../state";

/** E0, E13 and the pages of things that went wrong. */
export const states: States = {
  "signin.demo": () => ({ signedIn: false, config: { providers: ["demo"] } }),
  "signin.local": () => ({ signedIn: false, config: { providers: ["local"], mode: "production" } }),
  "signin.wrong": (locale) => ({
    signedIn: false,
    config: { providers: ["local"], mode: "production" },
    api: {
      "POST session": problem(401, "wrong_credentials", {
        detail: locale === "ru" ? "Неверный логин или пароль." : "Wrong login or password.",
      }),
    },
    play: async (page, settle) => {
      for (const [id, text] of [["f-login", "vorontsova"], ["f-password", "secret"]] as const) {
        const input = page.querySelector<HTMLInputElement>(`#${id}`);
        if (!input) continue;
        input.value = text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      await settle();
      page.querySelector<HTMLElement>("button[type=submit]")?.click();
    },
  }),
  "signin.nowhere": () => ({ signedIn: false, config: { providers: [], mode: "production" } }),
  "signin.lost": () => ({ signedIn: false, query: "platform=web" }),
  "signin.over": () => ({
    signedIn: false,
    play: async () => {
      const { host } = await import("../../platform");
      const { signInFailure } = await import("../../app/session");
      const { ApiError } = await import("../../api/errors");
      Object.assign(host, { proof: { value: () => null, spend: () => undefined } });
      signInFailure.value = new ApiError({ type: "about:blank", title: "", status: 401, code: "session_over" });
    },
  }),
  help: () => ({ route: "/help" }),
  "help.open": () => ({
    route: "/help",
    play: (page) => page.querySelectorAll("details").forEach((each) => (each.open = true)),
  }),
  "error.404": () => ({ route: "/nowhere" }),
  "error.500": () => ({ api: { "GET info": problem(500, "internal_error", { incident: "7F3A91" }) } }),
  "error.503": () => ({ api: { "GET info": problem(503, "database_unavailable") } }),
  "error.503-until": () => ({ api: { "GET info": problem(503, "maintenance", { until: "2026-11-23T11:00:00Z" }) } }),
  "boot.old": () => ({ play: () => void (document.documentElement.dataset.boot = "old") }),
  "boot.failed": () => ({ play: () => void (document.documentElement.dataset.boot = "failed") }),
  "error.thrown": (locale) => ({ api: { "GET applications": { ...f.list(), items: { broken: locale } } } }),
};
