import { request } from "./transport";
import type {
  AnswerBody,
  Answers,
  ApplicationView,
  CardList,
  Draft,
  DraftWrite,
  FormResponse,
  Info,
  LinkCode,
  Linked,
  LinkList,
  Locale,
  Me,
  OwnStatistics,
  PatchPreferences,
  PeriodsResponse,
  Preferences,
  ReminderChoice,
  Session,
  SessionRequest,
  Status,
  SubmitRequest,
  TelemetryEvent,
} from "./types";

export { ApiError, isApiError } from "./errors";

/** Every operation of `/api/smartapp/*` that the app calls. Each throws `ApiError`. */
export const api = {
  signIn: (body: SessionRequest) => request<Session>("POST", "session", { body, anonymous: true }),
  signOut: () => request<null>("DELETE", "session"),

  info: () => request<Info>("GET", "info"),
  me: () => request<Me>("GET", "me"),
  patchMe: (body: { profile?: Answers; locale?: Locale }) => request<Me>("PATCH", "me", { body }),

  form: (form: string) => request<FormResponse>("GET", "form", { query: { form } }),
  periods: (form: string) => request<PeriodsResponse>("GET", "periods", { query: { form } }),

  submit: (body: SubmitRequest, key: string) => request<ApplicationView>("POST", "submit", { body, key }),
  applications: (query: { cursor?: string; status?: Status; form?: string; limit?: number } = {}) =>
    request<CardList>("GET", "applications", { query }),
  application: (number: string) => request<ApplicationView>("GET", one(number)),
  edit: (number: string, version: number, answers: Answers, key: string) =>
    request<ApplicationView>("PATCH", one(number), { body: { version, answers }, key }),
  withdraw: (number: string, body: { version?: number; reason?: string }, key: string) =>
    request<ApplicationView>("POST", `${one(number)}/withdraw`, { body, key }),
  restore: (number: string, key: string) =>
    request<ApplicationView>("POST", `${one(number)}/restore`, { body: {}, key }),
  seen: (number: string) => request<null>("POST", `${one(number)}/seen`, { body: {} }),
  answer: (number: string, body: AnswerBody, key: string) =>
    request<ApplicationView>("POST", `${one(number)}/answer`, { body, key }),
  take: (number: string, offer: number, key: string) =>
    request<ApplicationView>("POST", `${one(number)}/take`, { body: { offer }, key }),
  declineOffer: (number: string, offer: number, key: string) =>
    request<ApplicationView>("POST", `${one(number)}/decline-offer`, { body: { offer }, key }),
  ask: (number: string, text: string, key: string) =>
    request<ApplicationView>("POST", `${one(number)}/ask`, { body: { text }, key }),

  draft: (form: string) => request<{ draft: Draft | null }>("GET", "draft", { query: { form } }),
  saveDraft: (body: DraftWrite) => request<{ draft: Draft; merged: boolean }>("PUT", "draft", { body }),
  deleteDraft: (form: string) => request<null>("DELETE", "draft", { query: { form } }),

  notifications: () => request<Preferences>("GET", "me/notifications"),
  patchNotifications: (body: PatchPreferences) => request<Preferences>("PATCH", "me/notifications", { body }),
  reminder: (period: number) => request<ReminderChoice>("GET", reminderOf(period)),
  setReminder: (period: number, choice: ReminderChoice["choice"]) =>
    request<ReminderChoice>("PUT", reminderOf(period), { body: { choice } }),

  links: () => request<LinkList>("GET", "links"),
  linkCode: (key: string) => request<LinkCode>("POST", "link-code", { key }),
  redeemCode: (code: string, key: string) => request<Linked>("POST", "links", { body: { code }, key }),
  unlink: (provider: string) => request<LinkList>("DELETE", `links/${encodeURIComponent(provider)}`),

  statistics: (form: string) => request<OwnStatistics>("GET", "statistics", { query: { form } }),

  telemetry: (events: TelemetryEvent[]) => request<null>("POST", "telemetry", { body: { events }, keepalive: true }),
};

function reminderOf(period: number): string {
  return `periods/${String(period)}/reminder`;
}

function one(number: string): string {
  return `applications/${encodeURIComponent(number)}`;
}
