/** What is wrong with the answers, one problem per field: the twin of `domain/validation.py`. */
import type { FormField } from "../../../api/types";
import { fill, form as pluralForm } from "../../../i18n";
import { isObject } from "./clean";
import { failures, lengthOf, type Failure } from "./schema";
import type { FieldProblem, Form, RawAnswers } from "./types";

/** Which of several things wrong with one answer is said: the one to be put right first. */
const PRECEDENCE = [
  "not_applicable",
  "required",
  "wrong_type",
  "unknown_option",
  "wrong_parent",
  "not_a_date",
  "too_early",
  "too_late",
  "excluded_date",
  "too_short",
  "too_long",
  "bad_format",
  "not_integer",
  "too_small",
  "too_large",
  "too_few",
  "too_many",
  "repeated",
];

const CODES: Partial<Record<string, string>> = {
  false: "not_applicable",
  enum: "unknown_option",
  format: "not_a_date",
  formatMinimum: "too_early",
  formatMaximum: "too_late",
  not: "excluded_date",
  minLength: "too_short",
  maxLength: "too_long",
  pattern: "bad_format",
  minimum: "too_small",
  maximum: "too_large",
  minItems: "too_few",
  maxItems: "too_many",
  uniqueItems: "repeated",
};

/** Judges clean answers; fields in the form's order, then unknown keys. */
export function validate(form: Form, answers: RawAnswers): FieldProblem[] {
  const found = failures(form.schema, answers);
  const problems = form.fields.flatMap((field) => {
    const codes = found.filter(({ path }) => path[0] === field.name).map((failure) => codeOf(failure, field, answers));
    const code = codes.sort((a, b) => PRECEDENCE.indexOf(a) - PRECEDENCE.indexOf(b))[0];
    return code ? [problem(form, field, code, answers[field.name])] : [];
  });
  const known = new Set(form.fields.map((field) => field.name));
  const unknown = Object.keys(answers).filter((name) => !known.has(name));
  const message = form.texts.unknown_field ?? "";
  return [...problems, ...unknown.sort().map((field) => ({ field, code: "unknown_field", message }))];
}

/** The problem of one field, if it has one. */
export function validateField(form: Form, answers: RawAnswers, name: string): FieldProblem | null {
  return validate(form, answers).find((found) => found.field === name) ?? null;
}

function codeOf({ keyword, path, byRule }: Failure, field: FormField, answers: RawAnswers): string {
  if (keyword === "enum" && byRule) return "wrong_parent";
  if (keyword === "required" && !Object.hasOwn(answers, field.name)) return "required";
  const isNumber = field.kind === "number" && path.length === 1 && typeof answers[field.name] === "number";
  if (keyword === "type" && isNumber) return "not_integer";
  return CODES[keyword] ?? "wrong_type";
}

function problem(form: Form, field: FormField, code: string, value: unknown): FieldProblem {
  return { field: field.name, code, message: wording(form, field, code, value) };
}

/** The server's template of this field and code, with the figures of the answer. */
function wording(form: Form, field: FormField, code: string, value: unknown): string {
  const template = field.messages[code] ?? "";
  const known = figures(field, value);
  if (typeof template === "string") return fill(template, known);
  const { by, ...forms } = template;
  const count = known[by];
  const chosen = typeof count === "number" ? pluralForm(forms, form.locale, count) : template.other;
  return fill(chosen, known);
}

function figures(field: FormField, value: unknown): Record<string, string | number> {
  const words = isObject(value) ? value.other : value;
  if (typeof words !== "string" && !Array.isArray(words)) return {};
  const excluded = field.excluded?.find((span) => span.from <= String(words) && String(words) <= span.to);
  const size = typeof words === "string" ? lengthOf(words) : words.length;
  const { min_length, max_length } = { ...field, ...field.allow_other };
  return {
    ...(typeof words === "string" ? { length: size, digits: words.replace(/[^0-9]/g, "").length } : { count: size }),
    over: Math.max(0, size - (max_length ?? field.max_items ?? field.max_files ?? size)),
    under: Math.max(0, (min_length ?? field.min_items ?? size) - size),
    ...(excluded && { text: excluded.text, reason: excluded.reason }),
  };
}
