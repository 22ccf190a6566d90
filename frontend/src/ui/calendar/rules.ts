import type { ExcludedRange } from "../../api/types";
import { addDays, addMonths, clamp, firstOfMonth, lastOfMonth } from "./days";

/** 1: few applications, 2: as many as places, 3: more than places. Published by the server only. */
export type Demand = 1 | 2 | 3;

export interface DayRules {
  min: string | null;
  max: string | null;
  excluded: readonly ExcludedRange[];
  holidays: readonly string[];
  /** Days for which this person has already filed. */
  requested: readonly string[];
  demand: Readonly<Record<string, Demand>>;
  today: string;
}

export type Refusal =
  | { code: "past" | "outside_period" }
  | { code: "excluded"; range: ExcludedRange };

/** Why a day cannot be chosen, or null when it can. */
export function refusal(iso: string, rules: DayRules): Refusal | null {
  const range = rules.excluded.find(({ from, to }) => from <= iso && iso <= to);
  if (range) return { code: "excluded", range };
  const outside = (rules.min !== null && iso < rules.min) || (rules.max !== null && iso > rules.max);
  if (!outside) return null;
  return { code: iso < rules.today ? "past" : "outside_period" };
}

/** The months that may be looked at: whole months around the bounds, two years ahead where there are none. */
export function shownRange({ min, max, today }: DayRules): { from: string; to: string } {
  const from = firstOfMonth(min ?? today);
  return { from, to: lastOfMonth(max ?? addMonths(from, 24)) };
}

/** The nearest free days before and after, the answer to a press on a day that is not free. */
export function nearestFree(iso: string, rules: DayRules): string[] {
  return [-1, 1].flatMap((step) => firstFree(addDays(iso, step), step, rules) ?? []);
}

/** The first free day in the range, looking from today on. */
export function firstChoice(rules: DayRules): string {
  const { from, to } = shownRange(rules);
  const start = clamp(rules.today, rules.min ?? from, to);
  return firstFree(start, 1, rules) ?? start;
}

/** The span of free days, holes inside it apart. */
export function freeSpan(rules: DayRules): { from: string; to: string; holes: ExcludedRange[] } | null {
  const { from, to } = shownRange(rules);
  const first = firstFree(from, 1, rules);
  const last = firstFree(to, -1, rules);
  if (first === null || last === null) return null;
  return { from: first, to: last, holes: rules.excluded.filter((hole) => hole.from > first && hole.to < last) };
}

function firstFree(start: string, step: number, rules: DayRules): string | null {
  const { from, to } = shownRange(rules);
  for (let day = clamp(start, from, to); from <= day && day <= to; day = addDays(day, step)) {
    if (refusal(day, rules) === null && (day === start || (step > 0 ? day > start : day < start))) return day;
  }
  return null;
}
