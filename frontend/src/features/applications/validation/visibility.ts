/** Which questions are asked, given the answers: the twin of `domain/conditions.py`. */
import type { Condition, FormField } from "../../../api/types";
import type { Form, RawAnswers } from "./types";

export function holds(condition: Condition, answers: RawAnswers): boolean {
  if ("all" in condition) return condition.all.every((child) => holds(child, answers));
  if ("any" in condition) return condition.any.some((child) => holds(child, answers));
  if ("not" in condition) return !holds(condition.not, answers);
  const value = Object.hasOwn(answers, condition.field) ? answers[condition.field] : undefined;
  if ("answered" in condition) return (value !== undefined && value !== null) === condition.answered;
  if ("contains" in condition) return Array.isArray(value) && value.includes(condition.contains);
  if ("in" in condition) return condition.in.some((wanted) => wanted === value);
  return condition.equals === value;
}

/** Is this one question asked, given these answers as they are? */
export function isVisible(field: FormField, answers: RawAnswers): boolean {
  return field.visible_when === null || holds(field.visible_when, answers);
}

/** Questions that are asked, in order; an answer to a hidden question counts as not given. */
export function visibleFields(form: Pick<Form, "fields">, answers: RawAnswers): FormField[] {
  const given = { ...answers };
  return form.fields.filter((field) => {
    const isShown = isVisible(field, given);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of our own
    if (!isShown) delete given[field.name];
    return isShown;
  });
}

/** Answers without those to questions that are not asked any more; unknown keys stay, to be reported. */
export function withoutHidden<T extends RawAnswers>(form: Pick<Form, "fields">, answers: T): T {
  const shown = new Set(visibleFields(form, answers).map((field) => field.name));
  const hidden = new Set(form.fields.map((field) => field.name).filter((name) => !shown.has(name)));
  return Object.fromEntries(Object.entries(answers).filter(([name]) => !hidden.has(name))) as T;
}
