import { addDays, addMonths, clamp, dayOf, daysInMonth, firstOfMonth, weekday } from "./days";

interface Range {
  from: string;
  to: string;
}

const DAY_STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const MONTH_STEPS: Record<string, number> = { PageUp: -1, PageDown: 1 };

/** Where a key of the grid (ux B2) takes the focus, or null for a key that is not ours. Never out of the range. */
export function moveBy(key: string, shift: boolean, focus: string, { from, to }: Range): string | null {
  const days = DAY_STEPS[key];
  if (days !== undefined) return stay(addDays(focus, days), focus, { from, to });
  const months = MONTH_STEPS[key];
  if (months !== undefined) return stayMonth(addMonths(focus, months * (shift ? 12 : 1)), focus, { from, to });
  if (key === "Home") return clamp(addDays(focus, -weekday(focus)), firstOfMonth(focus), to);
  if (key === "End") return clamp(addDays(focus, 6 - weekday(focus)), from, lastInRange(focus, to));
  return null;
}

function stay(next: string, focus: string, { from, to }: Range): string {
  return next < from || next > to ? focus : next;
}

function stayMonth(next: string, focus: string, { from, to }: Range): string {
  return next.slice(0, 7) < from.slice(0, 7) || next.slice(0, 7) > to.slice(0, 7) ? focus : clamp(next, from, to);
}

function lastInRange(focus: string, to: string): string {
  const last = addDays(firstOfMonth(focus), daysInMonth(focus) - 1);
  return last < to ? last : to;
}

/** Typed digits jump to the day: «1», then «5» soon after, is the 15th. */
export function createDigitJump(windowMs = 1_000): (digit: string, focus: string, now: number) => string | null {
  let typed = "";
  let last = -Infinity;
  return (digit, focus, now) => {
    const joined = now - last < windowMs ? typed + digit : digit;
    last = now;
    typed = dayInMonth(joined, focus) ? joined : digit;
    return dayInMonth(typed, focus);
  };
}

function dayInMonth(digits: string, focus: string): string | null {
  const day = Number(digits);
  return day >= 1 && day <= daysInMonth(focus) ? addDays(focus, day - dayOf(focus)) : null;
}
