import type { Answers, Card, CompiledForm, FormField, Profile } from "../../api/types";

export interface Repeat {
  code: string;
  name: string;
}

/** Chips of «Быстро повторить»: the last three different choices that the form still offers this person. */
export function repeatsOf(form: CompiledForm, cards: Card[], profile: Profile): Repeat[] {
  const field = repeated(form);
  if (!field) return [];
  const codes = cards.filter((card) => card.form === form.id).map((card) => card.answers[field.name]);
  const distinct = [...new Set(codes.filter((code): code is string => typeof code === "string"))];
  return distinct.flatMap((code) => offer(field, code, profile)).slice(0, 3);
}

/** The choice that names the application («Сочи, 15 января»): its first summary field that is a choice. */
function repeated(form: CompiledForm): FormField | null {
  const fields = form.summary.map((name) => form.fields.find((field) => field.name === name));
  return fields.find((field) => field?.kind === "choice") ?? null;
}

function offer(field: FormField, code: string, profile: Profile): Repeat[] {
  const option = field.options?.find((each) => each.code === code);
  if (!option) return [];
  const parent = field.parent ? (profile as Answers)[field.parent] : undefined;
  const fits = !option.parents?.length || typeof parent !== "string" || option.parents.includes(parent);
  return fits ? [{ code, name: option.name }] : [];
}
