import { isoOf } from "./days";

export interface TypedBounds {
  min: string | null;
  max: string | null;
  today: string;
}

/** How far ahead a date without a year may lie. */
const MONTHS_AHEAD = 37;

/**
 * A date as people write it: `15`, `15.01`, `15.1.27`, «15 января», `January 15`, `2027-01-15`. What is left out is
 * taken so that the date falls into the bounds, or else as soon as possible. Null: not a date.
 */
export function parseTypedDate(text: string, bounds: TypedBounds): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (iso) return isoOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  if (/[^\p{L}\d\s.,/-]/u.test(text)) return null;
  return fromPieces(text.toLowerCase().match(/\d+|\p{L}+/gu) ?? [], bounds);
}

/** Day, month, year in this order; the month's name may stand first, a word may follow the year. */
function fromPieces([first = "", second = "", third = "", word = "", ...more]: string[], bounds: TypedBounds): string | null {
  const [day, month] = isNumber(first) ? [first, second] : [second, first];
  if (!/^\d{1,2}$/.test(day) || isNumber(word) || more.length > 0) return null;
  const number = month === "" ? null : monthNumber(month);
  if (month !== "" && number === null) return null;
  if (third !== "") return number && yearNumber(third) ? isoOf(yearNumber(third) ?? 0, number, Number(day)) : null;
  return complete(Number(day), number, bounds);
}

function monthNumber(piece: string): number | null {
  if (/^\d{1,2}$/.test(piece)) return Number(piece);
  if (piece.length < 3) return null;
  const index = monthNames().findIndex((names) => names.some((name) => piece.startsWith(name.slice(0, 3))));
  return index < 0 ? null : index + 1;
}

/** Both languages, nominative and genitive («май», «мая»): people mix them. */
function monthNames(): string[][] {
  const styles = (["ru", "en"] as const).flatMap((language) => [
    new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" }),
    new Intl.DateTimeFormat(language, { month: "long", day: "numeric", timeZone: "UTC" }),
  ]);
  const nameOf = (style: Intl.DateTimeFormat, month: number) =>
    style.formatToParts(Date.UTC(2024, month, 1)).find((part) => part.type === "month")?.value.toLowerCase() ?? "";
  return Array.from({ length: 12 }, (_, month) => styles.map((style) => nameOf(style, month)));
}

function yearNumber(piece: string): number | null {
  if (/^\d{2}$/.test(piece)) return 2000 + Number(piece);
  return /^\d{4}$/.test(piece) ? Number(piece) : null;
}

/** Tries the months from the earliest allowed one on, until the day exists and lies inside. */
function complete(day: number, month: number | null, { min, max, today }: TypedBounds): string | null {
  const start = min ?? today;
  const candidates = Array.from({ length: MONTHS_AHEAD }, (_, ahead) => monthAhead(start, ahead))
    .filter((candidate) => month === null || candidate.month === month)
    .flatMap((candidate) => isoOf(candidate.year, candidate.month, day) ?? []);
  return candidates.find((iso) => iso >= start && (max === null || iso <= max)) ?? candidates[0] ?? null;
}

function monthAhead(iso: string, ahead: number): { year: number; month: number } {
  const index = Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1 + ahead;
  return { year: Math.floor(index / 12), month: (index % 12) + 1 };
}

function isNumber(piece: string): boolean {
  return /^\d+$/.test(piece);
}
