import type { Locale } from "./types";

/** A choice is a code, or `{other}` where the form allows the person's own words. */
export type AnswerValue = string | number | boolean | string[] | { other: string } | null;
export type Answers = Record<string, AnswerValue>;

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
