/** Calendar days as ISO strings, without any time zone: nothing can shift by a day. */

const DAY_MS = 86_400_000;

export function addDays(iso: string, days: number): string {
  return new Date(at(iso) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of another month, or its last day where that month is shorter. */
export function addMonths(iso: string, months: number): string {
  const date = new Date(at(`${iso.slice(0, 7)}-01`));
  date.setUTCMonth(date.getUTCMonth() + months);
  const first = date.toISOString().slice(0, 10);
  return addDays(first, Math.min(dayOf(iso), daysInMonth(first)) - 1);
}

export function monthOf(iso: string): string {
  return iso.slice(0, 7);
}

export function dayOf(iso: string): number {
  return Number(iso.slice(8, 10));
}

export function firstOfMonth(iso: string): string {
  return `${monthOf(iso)}-01`;
}

export function lastOfMonth(iso: string): string {
  return `${monthOf(iso)}-${String(daysInMonth(iso)).padStart(2, "0")}`;
}

export function daysInMonth(iso: string): number {
  return new Date(Date.UTC(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), 0)).getUTCDate();
}

/** Monday is 0: the week begins with it. */
export function weekday(iso: string): number {
  return (new Date(at(iso)).getUTCDay() + 6) % 7;
}

/** The weeks of a month; null where the week belongs to a neighbour. */
export function weeksOf(iso: string): (string | null)[][] {
  const first = firstOfMonth(iso);
  const cells: (string | null)[] = Array<null>(weekday(first)).fill(null);
  for (let day = 0; day < daysInMonth(iso); day += 1) cells.push(addDays(first, day));
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** Year, month and day as a date, or null where the calendar has no such day (31.02). */
export function isoOf(year: number, month: number, day: number): string | null {
  const iso = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  if (month < 1 || month > 12 || day < 1) return null;
  return day <= daysInMonth(iso) ? iso : null;
}

export function clamp(iso: string, from: string, to: string): string {
  if (iso < from) return from;
  return iso > to ? to : iso;
}

function at(iso: string): number {
  return Date.parse(`${iso}T00:00:00Z`);
}
