import { locale, t } from ".";
import { unbreak } from "./typography";

/** Calendar dates have no time zone: they are read and written as UTC, so no shift can happen. */
const CALENDAR = "UTC";

/** «15 января 2027, пятница» / "15 January 2027, Friday". */
export function formatDay(iso: string): string {
  const date = calendarDate(iso);
  const day = part(date, { day: "numeric", month: "long" });
  const weekday = part(date, { weekday: "long" });
  return unbreak(`${day} ${String(date.getUTCFullYear())}, ${weekday}`);
}

/** «15 января 2027» / "15 January 2027". */
export function formatDate(iso: string): string {
  return unbreak(`${formatDayShort(iso)} ${iso.slice(0, 4)}`);
}

/** «15 января» / "15 January". */
export function formatDayShort(iso: string): string {
  return unbreak(part(calendarDate(iso), { day: "numeric", month: "long" }));
}

/** «15 января, пт» for lists. */
export function formatDayList(iso: string): string {
  const date = calendarDate(iso);
  return unbreak(`${part(date, { day: "numeric", month: "long" })}, ${part(date, { weekday: "short" })}`);
}

/** «18–24 января», «28 января – 3 февраля». */
export function formatRange(from: string, to: string): string {
  if (from === to) return formatDayShort(from);
  if (from.slice(0, 7) !== to.slice(0, 7)) return unbreak(`${formatDayShort(from)} – ${formatDayShort(to)}`);
  return unbreak(`${String(Number(from.slice(8, 10)))}–${formatDayShort(to)}`);
}

/** «январь 2027»: the month in the nominative. */
export function formatMonth(iso: string): string {
  const date = calendarDate(iso);
  return unbreak(`${part(date, { month: "long" })} ${String(date.getUTCFullYear())}`);
}

/** «январь»: for sentences whose year is clear. */
export function formatMonthName(iso: string): string {
  return part(calendarDate(iso), { month: "long" });
}

/** «5 декабря, 18:00 (МСК)»: an absolute moment always carries its zone. */
export function formatDeadline(iso: string, timeZone: string): string {
  const moment = new Date(iso);
  const day = part(moment, { day: "numeric", month: "long", timeZone });
  return unbreak(`${day}, ${formatTime(iso, timeZone)} (${zoneName(moment, timeZone)})`);
}

/** «18:00» in the zone, or in the device's own zone. */
export function formatTime(iso: string, timeZone?: string): string {
  return part(new Date(iso), { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(timeZone ? { timeZone } : {}) });
}

/** «сегодня, 10:24», «вчера, 09:12», else «3 ноября, 10:24»; in the device's own zone, for things the person did. */
export function formatMoment(iso: string, now: Date): string {
  const moment = new Date(iso);
  const days = dayNumber(now) - dayNumber(moment);
  const time = formatTime(iso);
  if (days === 0) return t("date.today", { time });
  if (days === 1) return t("date.yesterday", { time });
  return unbreak(`${part(moment, { day: "numeric", month: "long" }, true)}, ${time}`);
}

/** The calendar day (YYYY-MM-DD) of a moment in a zone. */
export function dayIn(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
}

/** «МСК» where people say so; other zones by their offset, «UTC+7». */
export function zoneName(moment: Date, timeZone: string): string {
  if (timeZone === "Europe/Moscow") return t("date.msk");
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" }).formatToParts(moment);
  return (parts.find((piece) => piece.type === "timeZoneName")?.value ?? timeZone).replace("GMT", "UTC");
}

function calendarDate(iso: string): Date {
  return new Date(`${iso.slice(0, 10)}T00:00:00Z`);
}

function dayNumber(moment: Date): number {
  return Math.floor((moment.getTime() - moment.getTimezoneOffset() * 60_000) / 86_400_000);
}

/** en-GB puts the day before the month: never the US order. */
function part(date: Date, options: Intl.DateTimeFormatOptions, local = false): string {
  const language = locale.value === "en" ? "en-GB" : "ru";
  const timed = options.hour !== undefined || options.timeZone !== undefined || local;
  return formatter(language, timed ? options : { ...options, timeZone: CALENDAR }).format(date);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(language, options);
  formatters.set(key, known);
  return known;
}
