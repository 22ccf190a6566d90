import type { CompiledForm } from "../../../api/types";

/** What validation needs of a compiled form. */
export type Form = Pick<CompiledForm, "locale" | "texts" | "fields" | "schema">;

/** Answers as they come from controls, drafts and links: nothing about them is certain yet. */
export type RawAnswers = Record<string, unknown>;

/** What is wrong with one answer; the message is the form's own wording. */
export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}
