import { locale } from "../../i18n";

/** How a series looks besides its colour: filled, hatched, a line in steps, a line with points, a dashed line. */
export type Look = "solid" | "hatch" | "step" | "line" | "dash";

export interface Series {
  /** Used in the key, as a column's head and in the names of marks: «подано». */
  label: string;
  /** Over its column, where there is no room for the label. */
  short?: string;
  look: Look;
  /** A value in words; a plain number where it is left out. */
  say?: (value: number) => string;
}

export interface Mark {
  key: string;
  label: string;
  /** What fits under an axis; the label itself where it is left out. */
  short?: string;
  /** One per series; null where nothing is known. */
  values: (number | null)[];
  /** The same of the time before. */
  before?: (number | null)[];
  /** The exact rows behind it, as a path of the app. */
  href?: string | undefined;
}

/** What a chart draws and its table prints: one object, so that the two cannot differ. */
export interface Plot {
  /** What the marks are: the head of the table's first column. */
  label: string;
  series: Series[];
  marks: Mark[];
  /** What the time before is called, where its figures stand beside these: «декабрь 2026». */
  before?: string | undefined;
  /** Between a series and its value in a name: «1 одобрение: 12»; a space where it is left out. */
  between?: string;
  /** How to read it, where that is not plain. */
  note?: string;
  /** Names what a press on a mark opens, such as «Столбец открывает список заявок». */
  hint?: string;
}

const NOTHING = "—";

/** «9», «3,1»: the same in labels, names and cells. */
export function say({ series }: Plot, value: number | null | undefined, which = 0): string {
  if (value === null || value === undefined) return NOTHING;
  const numbers = new Intl.NumberFormat(locale.value === "en" ? "en-GB" : "ru", { maximumFractionDigits: 1 });
  return series[which]?.say?.(value) ?? numbers.format(value);
}

/** «28 января: подано 9, одобрено 3; декабрь 2026: подано 7, одобрено 7». */
export function nameOf(plot: Plot, mark: Mark): string {
  const now = `${mark.label}: ${facts(plot, mark.values)}`;
  return plot.before === undefined ? now : `${now}; ${plot.before}: ${facts(plot, mark.before ?? [])}`;
}

function facts(plot: Plot, values: Mark["values"]): string {
  const known = plot.series.flatMap(({ label }, which) => {
    const value = values[which] ?? null;
    return value === null ? [] : [`${label}${plot.between ?? " "}${say(plot, value, which)}`];
  });
  return known.length > 0 ? known.join(", ") : NOTHING;
}

/** Columns of the table: the series, and after them the same of the time before. */
export function columnsOf({ series, before }: Plot): { label: string; short: string; which: number; side: "values" | "before" }[] {
  const now = series.map(({ label, short }, which) => ({ label, short: short ?? label, which, side: "values" as const }));
  if (before === undefined) return now;
  return [...now, ...now.map((column) => ({ ...column, label: `${column.label}, ${before}`, short: `${column.short}, ${before}`, side: "before" as const }))];
}

export function isEmpty({ marks }: Plot): boolean {
  return !marks.some(({ values, before = [] }) => [...values, ...before].some((value) => value !== null && value > 0));
}

/** The end of a scale: a round number whose half is a whole one. */
export function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 2)));
  return [2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((end) => end >= most && end % 2 === 0) ?? 10 * power;
}

export function greatest({ marks }: Plot): number {
  return Math.max(0, ...marks.flatMap(({ values, before = [] }) => [...values, ...before].map((value) => value ?? 0)));
}
