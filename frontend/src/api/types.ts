/** Shapes of the Express Bot API as the web app uses them; the truth is `/openapi.json` of the gateway. */

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

/** A choice is a code, or `{other}` where the form allows the person's own words. */
export type AnswerValue = string | number | boolean | string[] | { other: string } | null;
export type Answers = Record<string, AnswerValue>;

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

export interface ExcludedRange {
  from: string;
  to: string;
  reason: string;
  text: string;
}

/** A condition over earlier answers; evaluated by the same rules on both sides. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; equals: string | number | boolean }
  | { field: string; in: (string | number | boolean)[] }
  | { field: string; contains: string }
  | { field: string; answered: true };

export type Cleanup = "trim" | "collapse_spaces" | "digits" | "cyrillic_lookalikes" | "title_case";
export type FieldKind = "choice" | "multichoice" | "date" | "text" | "number" | "boolean" | "file" | "person";

export interface Option {
  code: string;
  name: string;
  hint?: string | null;
  synonyms?: string[];
  parents?: string[];
}

/** `by` names the placeholder that chooses the plural form. */
export interface PluralMessage {
  by: string;
  one?: string;
  few?: string;
  many?: string;
  other: string;
}

export interface FormField {
  name: string;
  kind: FieldKind;
  label: string;
  /** The h1 of its guided page; the label where the form has no own question. */
  question?: string | null;
  hint?: string | null;
  required: boolean;
  profile: boolean;
  statistics: boolean;
  /** The field's own words for places on the screen (`short`, `all`, `other`, `add`…). */
  texts?: Record<string, string>;
  visible_when: Condition | null;
  cleanup: Cleanup[];
  options?: Option[];
  parent?: string | null;
  allow_other?: { min_length: number; max_length: number } | null;
  min_length?: number | null;
  max_length?: number | null;
  pattern?: string | null;
  multiline?: boolean;
  input_mode?: string | null;
  minimum?: number | null;
  maximum?: number | null;
  integer?: boolean;
  min_items?: number | null;
  max_items?: number | null;
  min?: string | null;
  max?: string | null;
  excluded?: ExcludedRange[];
  holidays?: string[];
  max_files?: number | null;
  max_bytes?: number | null;
  types?: string[];
  messages: Record<string, string | PluralMessage>;
}

/** A form as the server compiled it for one language and one period. */
export interface CompiledForm {
  id: string;
  version: number;
  locale: Locale;
  title: string;
  description?: string | null;
  texts: Record<string, string>;
  date_field: string | null;
  summary: string[];
  fields: FormField[];
  schema: Record<string, unknown>;
}

export interface FormResponse {
  form: CompiledForm;
  period: Period | null;
  server_time: string;
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

export interface ApplicationView extends Card {
  form_title: string;
  period: Pick<Period, "id" | "title" | "opens_at" | "closes_at" | "timezone"> & Partial<Period> | null;
  channel: string;
  display: DisplayRow[];
  decision: { outcome: string; reason_code: string | null; reason: string | null; decided_at: string } | null;
  can: { edit: boolean; withdraw: boolean; restore: boolean; until: string | null; withdraw_needs_reason: boolean };
  withdrawal_requested_at: string | null;
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
