import { formatDayShort, locale, t } from "../../i18n";
import { addDays, monthOf } from "./days";
import { freeSpan, nearestFree, refusal, type DayRules, type Refusal } from "./rules";

/** An en dash that no line breaks at. */
const DASH = "\u2060–\u2060";
const MONDAY = "2024-01-01";
const KNOWN_REASONS = ["vacation", "closed", "capacity_zero", "rest"] as const;
type KnownReason = (typeof KNOWN_REASONS)[number];

export interface WeekdayName {
  short: string;
  long: string;
}

/** By language: every cell of a month asks for them, and making the formatters takes longer than drawing the month. */
const weekdays = new Map<string, WeekdayName[]>();

/** Names of the week from Monday on, in the current language. */
export function weekdayNames(): WeekdayName[] {
  const known = weekdays.get(locale.value) ?? makeWeekdayNames(locale.value);
  weekdays.set(locale.value, known);
  return known;
}

function makeWeekdayNames(language: string): WeekdayName[] {
  const name = (iso: string, weekday: "short" | "long") =>
    new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
  return Array.from({ length: 7 }, (_, index) => addDays(MONDAY, index)).map((iso) => ({
    short: capital(name(iso, "short")).slice(0, 2),
    long: name(iso, "long"),
  }));
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The accessible name of a day; it begins with the number that is seen (WCAG 2.5.3). */
export function dayName(iso: string, rules: DayRules, weekday: string): string {
  const refused = refusal(iso, rules);
  const demand = refused ? undefined : rules.demand[iso];
  return [
    formatDayShort(iso),
    weekday,
    iso === rules.today && t("ui.cal.today"),
    rules.holidays.includes(iso) && t("ui.cal.holiday"),
    rules.requested.includes(iso) && t("ui.cal.requested"),
    demand && t(`ui.cal.demand.${demand}`),
    refused && t("ui.cal.unavailable", { reason: shortReason(refused) }),
  ]
    .filter(Boolean)
    .join(", ");
}

/** The sentence under the grid after a press on a day that cannot be chosen: why, and what is near and free. */
export function refusalSentence(iso: string, refused: Refusal, rules: DayRules): string {
  const why = refused.code === "excluded" ? sentence(refused.range.text) : t(`ui.cal.why.${refused.code}`);
  const near = nearestFree(iso, rules);
  if (near.length === 0) return why;
  return `${why} ${t("ui.cal.nearest", { days: joinDays(near), count: near.length })}`;
}

/** «Можно выбрать 9–31 января, кроме 18–24 января». */
export function ruleSentence(rules: DayRules): string {
  if (rules.min === null && rules.max === null && rules.excluded.length === 0) return "";
  const span = freeSpan(rules);
  if (!span) return t("ui.cal.none");
  const range = dayRange(span.from, span.to);
  const except = span.holes.map((hole) => dayRange(hole.from, hole.to)).join(", ");
  return except ? t("ui.cal.ruleExcept", { range, except }) : t("ui.cal.rule", { range });
}

/** «9–31 января», «20 декабря — 15 января», «9 января». */
export function dayRange(from: string, to: string): string {
  if (from === to) return formatDayShort(from);
  if (monthOf(from) === monthOf(to)) return `${String(Number(from.slice(8)))}${DASH}${formatDayShort(to)}`;
  return `${formatDayShort(from)}\u00a0— ${formatDayShort(to)}`;
}

/** «17 и 25 января» where the month is one. */
function joinDays(days: string[]): string {
  const [first = "", second] = days;
  if (second === undefined) return formatDayShort(first);
  const head = monthOf(first) === monthOf(second) ? String(Number(first.slice(8))) : formatDayShort(first);
  return t("ui.and", { first: head, second: formatDayShort(second) });
}

function shortReason(refused: Refusal): string {
  if (refused.code !== "excluded") return t(`ui.cal.short.${refused.code}`);
  const { reason, text } = refused.range;
  return KNOWN_REASONS.includes(reason as KnownReason) ? t(`ui.cal.short.${reason as KnownReason}`) : text;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
