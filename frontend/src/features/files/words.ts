import { ApiError } from "../../api/errors";
import type { FormField } from "../../api/types";
import { locale, t, type MessageKey } from "../../i18n";
import { namesOf } from "./kinds";

const KILO = 1024;
const LONGEST = 24;
const ENDING = 9;

/** «340 КБ», «1,2 МБ», «20 МБ». */
export function formatSize(bytes: number): string {
  const [unit, size] = bytes < KILO * KILO ? (["kb", Math.ceil(bytes / KILO)] as const) : (["mb", bytes / KILO / KILO] as const);
  const digits = unit === "mb" && size < 10 ? 1 : 0;
  return t(`files.size.${unit}`, { size: new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(size) });
}

/** «43 %» in Russian, «43%» in English; 100 is said only when everything is there. */
export function formatPercent(share: number): string {
  const whole = Math.floor(Math.min(share, 1) * 100) / 100;
  return new Intl.NumberFormat(locale.value, { style: "percent" }).format(whole);
}

/** The middle goes: names differ at their ends. */
export function shorten(name: string): string {
  const letters = Array.from(name);
  if (letters.length <= LONGEST) return name;
  return `${letters.slice(0, LONGEST - ENDING - 1).join("")}…${letters.slice(-ENDING).join("")}`;
}

/** «До 5 файлов, каждый до 20 МБ: PDF, JPG»: nothing but what the form says. */
export function limitsOf(field: FormField): string {
  const size = formatSize(field.max_bytes ?? Infinity);
  const count = field.max_files ?? 1;
  const words = count === 1 ? t("files.limit.one", { size }) : t("files.limit.many", { size, count });
  const names = namesOf(field);
  return names ? `${words}: ${names}` : words;
}

/** Codes of the server that have words of ours; the rest of a row is «Не подойдёт». */
const WHY = ["file_too_large", "file_type_refused", "file_empty", "file_damaged", "file_infected", "file_bomb", "quota_exceeded"];

/** «Не подойдёт: больше 20 МБ». */
export function unfitText(code: string, field: FormField, detail = ""): string {
  if (!WHY.includes(code)) return detail || t("files.unfit", { reason: t("files.why.other") });
  const params = { size: formatSize(field.max_bytes ?? Infinity), types: namesOf(field) };
  return t("files.unfit", { reason: t(`files.why.${code}` as MessageKey, params) });
}

/** What the server has against it, in our words where we have them. */
export function refusalText(failure: unknown, field: FormField): string {
  if (!(failure instanceof ApiError)) return unfitText("", field);
  // a proxy's own limit has no words
  return unfitText(failure.status === 413 ? "file_too_large" : failure.code, field, failure.detail);
}
