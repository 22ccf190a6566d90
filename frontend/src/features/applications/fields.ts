import type { Answers, AnswerValue, CompiledForm, FormField, Option } from "../../api/types";
import { formatDay, formatDayShort, locale, t } from "../../i18n";
import { visibleFields } from "./validation";

/** A field as the server sends it, with its own words for places on the screen (`short`, `all`, `other`, `add`…). */
export type Field = FormField & { texts?: Record<string, string> };

export function fieldOf(form: CompiledForm, name: string): Field | undefined {
  return form.fields.find((field) => field.name === name);
}

/** The fields to ask: visible with these answers, profile facts only when they are missing. */
export function askedFields(form: CompiledForm, answers: Answers, withProfile: boolean): Field[] {
  return visibleFields(form, answers).filter((field) => withProfile || !field.profile);
}

export function isAnswered(value: AnswerValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return false;
  return !(Array.isArray(value) && value.length === 0);
}

/** The options that fit the answer above; all of them where there is no parent. */
export function optionsFor(field: FormField, answers: Answers): Option[] {
  const options = field.options ?? [];
  if (!field.parent) return options;
  const parent = answers[field.parent];
  return options.filter((option) => typeof parent === "string" && option.parents?.includes(parent));
}

export function nameOf(field: FormField | undefined, code: string): string {
  return field?.options?.find((option) => option.code === code)?.name ?? code;
}

/** An answer in words; null when there is none. */
export function valueText(field: FormField, value: AnswerValue | undefined, short = false): string | null {
  if (!isAnswered(value) || value === undefined || value === null) return null;
  if (typeof value === "boolean") return t(value ? "ui.yes" : "ui.no");
  if (typeof value === "number") return new Intl.NumberFormat(locale.value).format(value);
  if (field.kind === "file") return t("form.files.count", { count: Array.isArray(value) ? value.length : 0 });
  if (Array.isArray(value)) return value.map((code) => nameOf(field, code)).join(", ");
  if (typeof value === "object") return value.other;
  if (field.kind === "date") return /^\d{4}-\d{2}-\d{2}$/.test(value) ? (short ? formatDayShort(value) : formatDay(value)) : value;
  return nameOf(field, value);
}

/** «Сочи, 15 января»: the answers that name an application; empty when none is given. */
export function summaryOf(form: CompiledForm, answers: Answers): string {
  const words = form.summary.flatMap((name) => {
    const field = fieldOf(form, name);
    return field ? (valueText(field, answers[name], true) ?? []) : [];
  });
  return words.join(", ");
}

/** The words of a field on a page with others: «Куда» where the form has it, else the label. */
export function shortLabel(field: Field): string {
  return field.texts?.short ?? field.label;
}

export function fillText(template: string | undefined, params: Record<string, string>): string | undefined {
  return template?.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
}
