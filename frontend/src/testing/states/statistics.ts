import type { Role } from "../../api/types";
import * as f from "../fixtures";
import { NEVER, NO_NETWORK, problem } from "../mock";
import { eventually, press } from "../press";
import type { States } from "../state";

const roles: Role[] = ["employee", "dispatcher"];
const route = "/desk/statistics";
const words = (locale: string, ru: string, en: string) => (locale === "ru" ? ru : en);

async function tables(page: HTMLElement, settle: () => Promise<void>, locale: string): Promise<void> {
  await eventually(() => page.querySelector(".question"), "questions");
  for (const section of page.querySelectorAll(".question")) await press(settle, words(locale, "Показать таблицей", "Show as a table"), section);
}

/** E11 and B10. */
export const states: States = {
  "statistics.own": () => ({ route: "/statistics" }),
  "statistics.own-dispatcher": () => ({ route: "/statistics", roles }),
  "statistics.own-empty": (locale) => ({
    route: "/statistics",
    api: {
      "GET statistics": f.ownStatistics(locale, {
        filed: 0, approved: 0, decision_days: null, directions: [], raises: [],
        public: { period: f.january(locale).title, total: null, rows: [], hidden: 0 },
      }),
    },
  }),
  "statistics.own-undecided": (locale) => ({
    route: "/statistics",
    api: {
      "GET statistics": f.ownStatistics(locale, {
        filed: 1, approved: 0, decision_days: null, public: { period: null, total: null, rows: [], hidden: 0 },
        directions: f.ownStatistics(locale).directions.slice(1, 2).map((each) => ({ ...each, filed: 1 })),
      }),
    },
  }),
  "statistics.own-loading": () => ({ route: "/statistics", api: { "GET statistics": NEVER } }),
  "statistics.own-offline": (locale) => ({
    route: "/statistics", online: false, cached: { info: f.info(locale), "statistics:flight": f.ownStatistics(locale) },
    api: { "GET info": NO_NETWORK, "GET statistics": NO_NETWORK },
  }),
  "statistics.own-error": () => ({ route: "/statistics", api: { "GET statistics": NO_NETWORK } }),
  "desk-statistics.all": () => ({
    route, roles,
    play: async (page) => (await eventually(() => page.querySelector<SVGElement>('[data-mark="2027-01-28"] .mark'), "28 January")).focus(),
  }),
  "desk-statistics.compared": (locale) => ({
    route: `${route}?compare=previous`, roles, api: { "GET desk/statistics/questions": f.questionsAnswer(locale, { previous: f.earlier(locale) }) },
  }),
  "desk-statistics.compared-tables": (locale) => ({
    route: `${route}?compare=previous`, roles, api: { "GET desk/statistics/questions": f.questionsAnswer(locale, { previous: f.earlier(locale) }) },
    play: (page, settle) => tables(page, settle, locale),
  }),
  "desk-statistics.tables": (locale) => ({ route, roles, play: (page, settle) => tables(page, settle, locale) }),
  "desk-statistics.empty": (locale) => ({ route, roles, api: { "GET desk/statistics/questions": f.noAnswers(locale) } }),
  "desk-statistics.loading": () => ({ route, roles, api: { "GET desk/statistics/questions": NEVER } }),
  "desk-statistics.error": () => ({ route, roles, api: { "GET desk/statistics/questions": problem(503, "database_unavailable") } }),
  "desk-statistics.offline": (locale) => ({
    route, roles, online: false, cached: { info: f.info(locale, { user: f.user(locale, { roles }) }), "desk:flight:": f.noAnswers(locale) },
    api: { "GET info": NO_NETWORK, "GET desk/statistics/questions": NO_NETWORK },
  }),
  "desk-statistics.forbidden": () => ({ route }),
  "desk-rows.some": () => ({ route: "/desk/statistics/rows?form=flight&basis=target&from=2027-01-28&to=2027-01-28", roles }),
  "desk-rows.none": (locale) => ({
    route: "/desk/statistics/rows?form=flight", roles, api: { "GET desk/statistics/rows": f.deskRows(locale, { items: [], next_cursor: null, total: 0 }) },
  }),
  "desk-rows.error": () => ({ route: "/desk/statistics/rows?form=flight", roles, api: { "GET desk/statistics/rows": NO_NETWORK } }),
};
