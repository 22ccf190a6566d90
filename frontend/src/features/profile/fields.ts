import type { AnswerValue, Answers, CompiledForm, FormField, Option } from "../../api/types";
import { data, useResource } from "../../app/data";

/** The name is asked as «Это вы?», before everything else. */
export const NAME = "full_name";
/** The number comes next: with the name it opens the staff list, which may spare all other questions. */
export const NUMBER = "personnel_number";

/** The form whose profile fields are asked; every form shares the same facts, so the first one will do. */
export function useProfileForm(): CompiledForm | undefined {
  const first = useResource(data.info()).data.value?.forms[0];
  return useResource(first ? data.form(first.id) : null).data.value?.form;
}

export function useProfileFields(): FormField[] | undefined {
  const form = useProfileForm();
  return form && profileFields(form);
}

/** Name and number first, then the others in the form's order: each list is narrowed by the one before it. */
export function profileFields(form: CompiledForm): FormField[] {
  const rank = ({ name }: FormField) => [NAME, NUMBER].indexOf(name) + 1 || 3;
  return form.fields.filter((field) => field.profile).sort((one, other) => rank(one) - rank(other));
}

/** The options that fit the parent's answer. */
export function optionsFor(field: FormField, answers: Answers): Option[] {
  const parent = field.parent ? answers[field.parent] : undefined;
  if (typeof parent !== "string") return field.options ?? [];
  return (field.options ?? []).filter((option) => !option.parents?.length || option.parents.includes(parent));
}

/** A new base keeps no unit of another one: the impossible answer is asked again, never sent. */
export function withAnswer(fields: FormField[], answers: Answers, name: string, value: AnswerValue): Answers {
  const next = { ...answers, [name]: value };
  for (const field of fields.filter((each) => each.parent === name)) {
    const code = next[field.name];
    if (code !== undefined && !optionsFor(field, next).some((option) => option.code === code)) next[field.name] = null;
  }
  return next;
}

/** An answer in words: the option's name, or the text itself. */
export function wordsOf(field: FormField, value: AnswerValue | undefined): string {
  if (value === null || value === undefined) return "";
  const option = field.options?.find((each) => each.code === value);
  return option?.name ?? (typeof value === "object" ? "" : String(value));
}
