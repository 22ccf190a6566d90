/** Shapes of the Express Bot API as the web app uses them; the truth is `/openapi.json` of the gateway. */

import type { OpenOffer, OpenQuestion, ThreadEntry } from "./decisions";
import type { FileView } from "./files";
import type { Answers, CompiledForm, ExcludedRange } from "./forms";

export type * from "./decisions";
export type { FileView } from "./files";
export type * from "./forms";
export type * from "./notifications";
export type * from "./statistics";

export type Locale = "ru" | "en";
export type Role = "employee" | "dispatcher" | "admin" | "service";

export type Status =
  | "draft"
  | "queued"
  | "submitted"
  | "in_review"
  | "needs_info"
  | "approved"
  | "waitlisted"
  | "rejected"
  | "withdrawn"
  | "revoked"
  | "completed";

export interface FieldError {
  field: string;
  code: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  errors?: FieldError[];
  [extension: string]: unknown;
}

export interface User {
  id: string;
  full_name: string;
  short_name: string;
  locale: Locale;
  roles: Role[];
  profile_complete: boolean;
}

export type Persona = "employee" | "newcomer" | "matched" | "dispatcher" | "admin";
export type SessionRequest =
  | { provider: "express" }
  | { provider: "telegram"; init_data: string }
  | { provider: "demo"; persona: Persona }
  | { provider: "local"; login: string; password: string };

export interface Session {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  user: User;
}

export interface FormSummary {
  id: string;
  title: string;
  description: string;
  has_period: boolean;
}

export interface Info {
  app: { name: string; organisation: string; version: string; mode: Mode; contact: string | null };
  server_time: string;
  forms: FormSummary[];
  user: User;
  unseen: number;
}

export type Mode = "demo" | "test" | "production";

export interface Profile {
  location?: string;
  unit?: string;
  position?: string;
  full_name?: string;
  personnel_number?: string;
}

export interface Me {
  user: Omit<User, "profile_complete">;
  profile: Profile;
  /** The same facts in words of the caller's language. */
  display: Record<string, string>;
  profile_complete: boolean;
  suggestion: Profile | null;
  staff_match: boolean;
}

export interface Period {
  id: number;
  form: string;
  title: string;
  opens_at: string;
  closes_at: string;
  target_from: string;
  target_to: string;
  timezone: string;
  limit: number;
  state: "upcoming" | "open" | "closed";
  filed: number;
  decision_due_at: string | null;
  excluded: ExcludedRange[];
  /** Set when this person may not file now (ux.md E2, «not eligible»): the sentence's middle, and until when. */
  blocked?: { reason: string; until: string | null } | null;
}

export interface FormResponse {
  form: CompiledForm;
  period: Period | null;
}

export interface PeriodsResponse {
  periods: Period[];
  server_time: string;
}

export interface Card {
  number: string;
  form: string;
  status: Status;
  status_label: string;
  title: string;
  note: string | null;
  target_date: string | null;
  filed_at: string;
  updated_at: string;
  seen: boolean;
  version: number;
  answers: Answers;
}

export interface CardList {
  items: Card[];
  next_cursor: string | null;
}

export interface DisplayRow {
  field: string;
  label: string;
  value: string | null;
}

export interface Change {
  field: string;
  label: string;
  before: string | null;
  after: string | null;
}

export interface TimelineEntry {
  kind: string;
  at: string;
  actor: { role: string; name?: string | null };
  channel: string | null;
  title: string;
  note?: string | null;
  changes: Change[];
}

export interface UpcomingEntry {
  kind: string;
  title: string;
  at: string | null;
}

/** What its owner may do now. The last three are missing in copies of a former version. */
export interface Can {
  edit: boolean;
  withdraw: boolean;
  restore: boolean;
  until: string | null;
  withdraw_needs_reason: boolean;
  answer?: boolean;
  take?: boolean;
  ask?: boolean;
}

export interface ApplicationView extends Card {
  form_title: string;
  period: Pick<Period, "id" | "title" | "opens_at" | "closes_at" | "timezone"> & Partial<Period> | null;
  channel: string;
  display: DisplayRow[];
  /** Copies that a former version has left on the device have none. */
  files?: FileView[];
  decision: { outcome: string; reason_code: string | null; reason: string | null; decided_at: string } | null;
  can: Can;
  withdrawal_requested_at: string | null;
  /** Missing in copies that a former version has left on the device, like the files. */
  question?: OpenQuestion | null;
  offer?: OpenOffer | null;
  thread?: ThreadEntry[];
  timeline: TimelineEntry[];
  upcoming: UpcomingEntry[];
}

export interface Draft {
  form: string;
  answers: Answers;
  client_key: string;
  version: number;
  updated_at: string;
  channel: string;
}

export interface DraftWrite {
  form: string;
  answers: Answers;
  changed: string[];
  /** The changed lists as they were in `base_version`: files are merged one by one. */
  base: Record<string, string[]>;
  base_version: number | null;
  client_key: string;
}

export interface SubmitRequest {
  form: string;
  answers: Answers;
  period?: number;
}

export interface TelemetryEvent {
  kind: "load" | "error" | "interaction";
  name: string;
  value?: number;
  code?: string;
  message?: string;
  route?: string;
  build: string;
  host: string;
  at: string;
}
