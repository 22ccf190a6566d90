import * as f from "../fixtures";
import { NEVER, NO_NETWORK, problem } from "../mock";
import type { States } from "../state";
import type { Locale } from "../../api/types";

/** Copies on the device, as a visit before has left them. */
function cached(locale: Locale) {
  return {
    info: f.info(locale),
    me: f.me(locale),
    "applications:recent": f.history(locale),
    "periods:flight": f.periods([f.january(locale), f.february(locale)]),
    "form:flight": f.formResponse(f.flight(locale), f.january(locale)),
    "form:certificate": f.formResponse(f.certificate(locale), null),
  };
}

const nothing = { "GET info": NO_NETWORK, "GET me": NO_NETWORK, "GET periods": NO_NETWORK, "GET form": NO_NETWORK, "GET applications": NO_NETWORK };
const never = { "GET info": NEVER, "GET me": NEVER, "GET periods": NEVER, "GET form": NEVER, "GET applications": NEVER };

/** As after eight seconds of waiting. Imported late: the app must not wake before the gallery has set its stage. */
async function beSlow(how: "saved" | "empty"): Promise<void> {
  const { slow } = await import("../../app/data");
  slow.value = how;
}

/** E2: one state per row of its table. */
export const states: States = {
  "home.returning": () => ({}),
  "home.loading": () => ({ api: never }),
  "home.first-visit": () => ({ api: { "GET applications": f.list() } }),
  "home.closed": () => ({ now: "2026-12-08T09:00:00Z" }),
  "home.closed-reminded": () => ({ now: "2026-12-08T09:00:00Z", api: { "GET periods/4/reminder": f.reminder("wanted") } }),
  "home.closed-nothing-ahead": () => ({ api: { "GET periods": f.periods([]) } }),
  "home.opens-today": () => ({ now: "2026-12-20T04:30:00Z" }),
  "home.last-day": () => ({ now: "2026-12-05T08:00:00Z" }),
  "home.limit": (locale) => ({
    api: {
      "GET periods": f.periods([f.january(locale, { filed: 1 })]),
      "GET applications": f.list(f.submitted(locale), f.approved(locale), f.rejected(locale)),
    },
  }),
  "home.not-eligible": (locale) => ({
    api: {
      "GET periods": f.periods([
        f.january(locale, {
          blocked: { reason: locale === "ru" ? "нарушение от 12 октября" : "a violation on 12 October", until: "2027-01-12" },
        }),
      ]),
    },
  }),
  "home.offline": (locale) => ({ online: false, cached: cached(locale), api: nothing }),
  "home.load-error": (locale) => ({ cached: cached(locale), api: nothing }),
  "home.load-error-empty": () => ({ api: nothing }),
  "home.server-error": (locale) => ({
    cached: cached(locale),
    api: { "GET applications": problem(500, "internal_error", { incident: "7F3A91" }) },
  }),
  "home.queued": (locale) => ({
    online: false,
    cached: cached(locale),
    api: nothing,
    local: {
      queue: [
        {
          form: "flight", answers: { direction: "khv", date: "2027-01-15" }, client_key: "key-00000001", period: 3,
          closes_at: "2026-12-05T15:00:00Z", timezone: "Europe/Moscow", queued_at: f.NOW,
          title: locale === "ru" ? "Хабаровск, 15 января" : "Khabarovsk, 15 January",
        },
      ],
    },
  }),
  "home.unseen": (locale) => ({
    api: {
      "GET info": f.info(locale, { unseen: 1 }),
      "GET applications": f.list(f.approved(locale, { seen: false }), f.waitlisted(locale), f.rejected(locale)),
    },
  }),
  "home.answer-needed": (locale) => ({ api: { "GET applications": f.list(f.needsInfo(locale), f.approved(locale), f.rejected(locale)) } }),
  "home.draft": (locale) => ({
    api: {
      "GET draft": ({ query }: { query: URLSearchParams }) => ({
        draft:
          query.get("form") === "flight"
            ? { form: "flight", answers: { direction: "khv" }, client_key: "key-00000002", version: 1, updated_at: "2026-11-23T06:12:00Z", channel: "browser" }
            : null,
      }),
      "GET applications": f.list(f.approved(locale)),
    },
  }),
  "home.slow": (locale) => ({ cached: cached(locale), api: never, play: () => beSlow("saved") }),
  "home.slow-empty": () => ({ api: never, play: () => beSlow("empty") }),
  "home.outdated": (locale) => ({
    api: { "GET info": f.info(locale, { app: { ...f.info(locale).app, version: "0.2.0" } }) },
  }),
};
