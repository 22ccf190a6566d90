import type { ApplicationView, Locale } from "../../api/types";
import * as f from "../fixtures";
import * as v from "../fixtures/views";
import { created, NO_NETWORK, problem } from "../mock";
import { press, type } from "../press";
import type { State, States } from "../state";

function shows(view: (locale: Locale) => ApplicationView, change: Partial<State> = {}): (locale: Locale) => State {
  return (locale) => ({ route: `/r/${view(locale).number}`, ...change, api: { "GET applications/:number": view(locale), ...change.api } });
}

function queued(locale: Locale) {
  return [{
    form: "flight", answers: { direction: "khv", date: "2027-01-15" }, client_key: "key-00000001", period: 3,
    closes_at: "2026-12-05T15:00:00Z", timezone: "Europe/Moscow", queued_at: f.NOW,
    title: locale === "ru" ? "Хабаровск, 15 января" : "Khabarovsk, 15 January",
  }];
}

const ready = (form: string) => ({
  [`draft:${form}`]: {
    form, answers: { direction: "khv", date: "2027-01-15" }, client_key: "key-00000001", base_version: null,
    changed: ["direction", "date"], updated_at: f.NOW, refused: null,
  },
});

/** E8 to E10 and the list. */
export const states: States = {
  "sent.sent": (locale) => ({
    route: "/new?form=flight",
    local: ready("flight"),
    api: { "POST submit": created(v.submittedView(locale)), "GET applications/:number": v.submittedView(locale) },
    play: (page, settle) => press(settle, locale === "ru" ? "Отправить" : "Send", page),
  }),
  "sent.queued": (locale) => ({ route: "/sent/key-00000001", local: { queue: queued(locale) }, online: false }),
  "sent.gone": () => ({ route: "/sent/key-00000009" }),
  "request.submitted": shows((locale) => v.submittedView(locale)),
  "request.edited": shows(v.editedView),
  "request.approved": shows(v.approvedView),
  "request.rejected": shows(v.rejectedView),
  "request.withdrawn": shows(v.withdrawnView),
  "request.late": shows((locale) => v.lateView(locale), { now: "2026-12-06T09:00:00Z" }),
  "request.asked": shows((locale) => v.lateView(locale, true), { now: "2026-12-06T09:00:00Z" }),
  "request.decline": (locale) => ({
    ...shows(v.approvedView)(locale),
    play: async (page, settle) => {
      await press(settle, locale === "ru" ? "Не смогу" : "I cannot fly", page);
      await press(settle, locale === "ru" ? "Отказаться" : "Give up", document);
    },
  }),
  "request.undo": (locale) => ({
    ...shows((each) => v.submittedView(each), { api: { "POST applications/2027-0142/withdraw": v.withdrawnView(locale) } })(locale),
    play: (page, settle) => press(settle, locale === "ru" ? "Отозвать" : "Withdraw", page),
  }),
  "request.question": shows((locale) => v.questionView(locale)),
  "request.writing": (locale) => ({
    ...shows((each) => v.questionView(each, { proposal: null }))(locale),
    play: async (page, settle) => {
      await press(settle, locale === "ru" ? "Ответить" : "Answer", page);
      await type(settle, "#f-answer", "а".repeat(1_004));
      await press(settle, locale === "ru" ? "Отправить" : "Send", page);
    },
  }),
  "request.closed": (locale) => ({
    ...shows((each) => v.questionView(each))(locale),
    api: {
      "GET applications/:number": once(v.questionView(locale), () => v.talkedView(locale)),
      "POST applications/:number/answer": problem(409, "question_closed", { detail: locale === "ru" ? "Этот вопрос уже закрыт." : "This question is closed." }),
    },
    play: (page, settle) => press(settle, locale === "ru" ? "Да, 16" : "Yes, 16", page),
  }),
  "request.talked": shows(v.talkedView),
  "request.offer": shows((locale) => v.offerView(locale)),
  "request.refusing": (locale) => ({
    ...shows((each) => v.offerView(each))(locale),
    play: (page, settle) => press(settle, locale === "ru" ? "Не смогу" : "I cannot fly", page),
  }),
  "request.asking": (locale) => ({
    ...shows(v.askableView)(locale),
    play: (page, settle) => press(settle, locale === "ru" ? "Спросить" : "Ask", page),
  }),
  "request.foreign": () => ({ route: "/r/2027-9999", api: { "GET applications/:number": problem(404, "not_found") } }),
  "request.offline": () => ({ route: "/r/2027-0142", api: { "GET applications/:number": NO_NETWORK } }),
  "edit.open": (locale) => ({ route: "/r/2027-0142/edit", api: { "GET applications/:number": v.submittedView(locale) } }),
  "edit.over": (locale) => ({ route: "/r/2027-0142/edit", api: { "GET applications/:number": v.lateView(locale) } }),
  "edit.conflict": (locale) => ({
    route: "/r/2027-0142/edit",
    local: { "edit:2027-0142": { date: "2027-01-16" } },
    api: {
      "GET applications/:number": conflictAfterFirst(locale),
      "PATCH applications/:number": problem(412, "version_conflict", { version: 2 }),
    },
    play: (page, settle) => press(settle, locale === "ru" ? "Сохранить" : "Save", page),
  }),
  "edit.wishes": (locale) => ({
    route: "/r/2027-0142/edit",
    api: { "GET applications/:number": v.submittedView(locale) },
    play: async (page, settle) => {
      await press(settle, locale === "ru" ? "Добавить пожелания" : "Add wishes", page);
      await type(settle, "textarea", (locale === "ru" ? "Утренний вылет. " : "A morning departure. ").repeat(13));
    },
  }),
  "all.list": (locale) => ({
    route: "/all",
    api: { "GET applications": { items: [f.submitted(locale), f.approved(locale, { seen: false }), f.waitlisted(locale), f.rejected(locale)], next_cursor: "next" } },
  }),
  "all.empty": () => ({ route: "/all?status=needs_info", api: { "GET applications": f.list() } }),
  "all.failed": () => ({ route: "/all", api: { "GET applications": NO_NETWORK } }),
};

/** One answer the first time, those of `rest` after it. */
function once(first: ApplicationView, rest: () => ApplicationView): () => ApplicationView {
  let asked = false;
  return () => (asked ? rest() : ((asked = true), first));
}

/** Changed elsewhere between the opening and the saving. */
function conflictAfterFirst(locale: Locale): () => ApplicationView {
  let asked = 0;
  return () => {
    asked += 1;
    const first = v.submittedView(locale);
    return asked === 1 ? first : { ...first, version: 2, answers: { ...first.answers, date: "2027-01-20" } };
  };
}
