import type { Locale } from "../../api/types";
import * as f from "../fixtures";
import { problem } from "../mock";
import { leave, press, type, type Settle } from "../press";
import type { State, States } from "../state";

const FLIGHT = "/new?form=flight";
const CERTIFICATE = "/new?form=certificate";

function draft(form: string, answers: Record<string, unknown>, change: Record<string, unknown> = {}) {
  return {
    [`draft:${form}`]: {
      form, answers, client_key: "00000000-aaaa-4000-8000-000000000001", base_version: null, changed: Object.keys(answers),
      updated_at: f.NOW, refused: null, ...change,
    },
  };
}

/** The form with both answers given, then its button pressed. */
function sending(api: State["api"]): (locale: Locale) => State {
  return (locale) => ({
    route: FLIGHT,
    ...(api ? { api } : {}),
    local: draft("flight", { direction: "khv", date: "2027-01-15" }),
    play: async (page, settle) => pressSend(page, settle, locale),
  });
}

async function pressSend(page: ParentNode, settle: Settle, locale: Locale): Promise<void> {
  await press(settle, locale === "ru" ? "Отправить" : "Send", page);
}

const day = (page: ParentNode, iso: string) => page.querySelector<HTMLElement>(`[data-day="${iso}"]`)?.click();

/** The flight period with days that cannot be chosen. */
function withLeave(locale: Locale) {
  const form = structuredClone(f.flight(locale));
  const date = form.fields.find((field) => field.name === "date");
  const ru = locale === "ru";
  if (date) {
    date.excluded = [
      { from: "2027-01-01", to: "2027-01-08", reason: "closed", text: ru ? "Рейсы на 1–8 января распределены" : "Flights on 1–8 January are taken" },
      { from: "2027-01-18", to: "2027-01-24", reason: "vacation", text: ru ? "18–24 января у вас отпуск" : "You are on leave 18–24 January" },
    ];
  }
  return { "GET form": f.formResponse(form, f.january(locale)) };
}

/** E3 to E7 in their states. */
export const states: States = {
  "new.compact": () => ({ route: FLIGHT }),
  "new.repeat": () => ({ route: `${FLIGHT}&d=vvo` }),
  "new.ready": () => ({ route: FLIGHT, local: draft("flight", { direction: "khv", date: "2027-01-15" }) }),
  "new.leave": (locale) => ({
    route: FLIGHT,
    api: withLeave(locale),
    local: draft("flight", { direction: "khv" }),
    play: async (page, settle) => {
      day(page, "2027-01-20");
      await settle();
    },
  }),
  "new.typed-date": (locale) => ({
    route: FLIGHT,
    play: async (page, settle) => {
      await press(settle, locale === "ru" ? "Ввести дату" : "Type a date", page);
      await type(settle, "#f-date-typed", "31.02");
      await leave(settle);
    },
  }),
  "new.wishes": (locale) => ({
    route: FLIGHT,
    local: draft("flight", { direction: "khv", date: "2027-01-15", wishes: (locale === "ru" ? "Утренний вылет. " : "A morning departure. ").repeat(19) }),
    play: (page, settle) => pressSend(page, settle, locale),
  }),
  "new.own-direction": (locale) => ({
    route: FLIGHT,
    local: draft("flight", { direction: { other: locale === "ru" ? "Тикси" : "Tiksi" }, date: "2027-01-15" }),
  }),
  "new.no-list": (locale) => ({
    route: FLIGHT,
    api: {
      "GET me": f.me(locale, {
        profile: { ...f.me(locale).profile, location: "aer", unit: "aer-oke" },
        display: { ...f.me(locale).display, location: locale === "ru" ? "Сочи" : "Sochi", unit: locale === "ru" ? "ОКЭ Сочи" : "OKE Sochi" },
      }),
    },
  }),
  "new.base-changed": (locale) => ({
    route: FLIGHT,
    local: draft("flight", { direction: "gdx", date: "2027-01-15" }),
    api: {
      "GET me": f.me(locale, {
        profile: { ...f.me(locale).profile, location: "kja", unit: "kja-oke" },
        display: { ...f.me(locale).display, location: locale === "ru" ? "Красноярск" : "Krasnoyarsk", unit: locale === "ru" ? "ОКЭ Красноярск" : "OKE Krasnoyarsk" },
      }),
    },
  }),
  "new.picker": (locale) => ({
    route: FLIGHT,
    play: (page, settle) => press(settle, locale === "ru" ? "Все направления" : "All directions", page),
  }),
  "new.picker-search": (locale) => ({
    route: FLIGHT,
    play: async (page, settle) => {
      await press(settle, locale === "ru" ? "Все направления" : "All directions", page);
      await type(settle, "dialog input", locale === "ru" ? "Тикси" : "Tiksi");
    },
  }),
  "new.errors": (locale) => ({ route: FLIGHT, play: (page, settle) => pressSend(page, settle, locale) }),
  "new.one-error": (locale) => ({
    route: FLIGHT,
    local: draft("flight", { direction: "khv" }),
    play: (page, settle) => pressSend(page, settle, locale),
  }),
  "new.sending": sending({ "POST submit": () => new Promise(() => undefined) }),
  "new.limit": sending({
    "POST submit": problem(409, "limit_reached", { number: "2027-0142", limit: 1, month: "январь 2027", detail: "" }),
  }),
  "new.period-closed": sending({
    "POST submit": problem(409, "period_closed", { closes_at: "2026-11-23T15:00:00Z", detail: "" }),
  }),
  "new.reused": sending({ "POST submit": problem(422, "idempotency_key_reused", { number: "2027-0142", detail: "" }) }),
  "new.refused": sending({
    "POST submit": problem(422, "invalid_answers", {
      detail: "", errors: [{ field: "direction", code: "unknown_option", message: "Такого направления нет в списке. Выберите другое или укажите своё" }],
    }),
  }),
  "new.server-error": sending({
    "POST submit": problem(500, "internal_error", { detail: "Что-то сломалось у нас. Введённое осталось на месте, попробуйте ещё раз.", incident: "7F3A91" }),
  }),
  "new.merged": () => ({
    route: FLIGHT,
    local: draft("flight", { direction: "khv" }, { base_version: 1 }),
    api: {
      "GET draft": { draft: { form: "flight", answers: { date: "2027-01-20" }, client_key: "00000000-aaaa-4000-8000-000000000002", version: 2, updated_at: f.NOW, channel: "express" } },
    },
  }),
  "new.filed": (locale) => ({
    route: FLIGHT,
    api: {
      "GET form": f.formResponse(f.flight(locale), f.january(locale, { filed: 1 })),
      "GET applications": f.list(f.submitted(locale)),
    },
  }),
  "new.no-period": (locale) => ({ route: FLIGHT, api: { "GET form": f.formResponse(f.flight(locale), null) } }),
  "new.guided": () => ({ route: FLIGHT, api: { "GET applications": f.list() } }),
  "new.guided-date": () => ({ route: `${FLIGHT}&q=date`, local: draft("flight", { direction: "khv" }), api: { "GET applications": f.list() } }),
  "new.guided-error": (locale) => ({
    route: `${FLIGHT}&q=date`,
    local: draft("flight", { direction: "khv" }),
    api: { "GET applications": f.list() },
    play: (page, settle) => press(settle, locale === "ru" ? "Продолжить" : "Continue", page),
  }),
  "certificate.document": () => ({ route: CERTIFICATE }),
  "certificate.copies": (locale) => ({
    route: `${CERTIFICATE}&q=copies`,
    local: draft("certificate", { document: "income", copies: "много" }),
    play: (page, settle) => press(settle, locale === "ru" ? "Продолжить" : "Continue", page),
  }),
  "certificate.needed-by": () => ({ route: `${CERTIFICATE}&q=needed_by`, local: draft("certificate", { document: "income", copies: 2 }) }),
  "certificate.address": () => ({
    route: `${CERTIFICATE}&q=address`,
    local: draft("certificate", { document: "income", copies: 2, needed_by: "2026-12-10", delivery: "post" }),
  }),
  "certificate.check": () => ({
    route: "/new/check?form=certificate",
    local: draft("certificate", { document: "income", copies: 2, needed_by: "2026-12-10", delivery: "email", email: "anna@example.ru" }),
  }),
  "check.flight": (locale) => ({
    route: "/new/check?form=flight",
    local: draft("flight", { direction: { other: locale === "ru" ? "Тикси" : "Tiksi" }, date: "2027-01-15" }),
  }),
};
