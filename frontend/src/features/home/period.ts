import type { Card, Period, Status } from "../../api/types";
import { dayIn } from "../../i18n";

/** What the period card of E2 says; one kind per row of its state table. */
export type PeriodState =
  | { kind: "open"; period: Period; daysLeft: number }
  | { kind: "filed"; period: Period; daysLeft: number }
  | { kind: "blocked"; period: Period; daysLeft: number }
  | { kind: "opens_today"; period: Period }
  | { kind: "closed"; next: Period | null };

const ACTIVE: Status[] = ["submitted", "in_review", "needs_info", "approved", "waitlisted"];

/** The moment decides, not the `state` of an answer that may be minutes old: the card changes by itself at 09:00. */
export function periodState(periods: Period[], now: Date): PeriodState {
  const open = periods.find((each) => isOpen(each, now));
  if (open) {
    const kind = open.blocked ? "blocked" : open.filed >= open.limit ? "filed" : "open";
    return { kind, period: open, daysLeft: daysBetween(now, new Date(open.closes_at), open.timezone) };
  }
  const next = upcoming(periods, now);
  const today = next && dayIn(new Date(next.opens_at), next.timezone) === dayIn(now, next.timezone);
  return today ? { kind: "opens_today", period: next } : { kind: "closed", next };
}

/** The next moment at which the card says something else: opening or closing of any known period. */
export function nextChange(periods: Period[], now: Date): number | null {
  const moments = periods.flatMap((each) => [Date.parse(each.opens_at), Date.parse(each.closes_at)]);
  const ahead = moments.filter((moment) => moment > now.getTime());
  return ahead.length > 0 ? Math.min(...ahead) : null;
}

/** My application that fills the limit of this period. */
export function filedIn(period: Period, cards: Card[]): Card | null {
  const inTarget = (card: Card) =>
    card.target_date !== null && card.target_date >= period.target_from && card.target_date <= period.target_to;
  return cards.find((card) => card.form === period.form && ACTIVE.includes(card.status) && inTarget(card)) ?? null;
}

function isOpen(period: Period, now: Date): boolean {
  return Date.parse(period.opens_at) <= now.getTime() && now.getTime() < Date.parse(period.closes_at);
}

function upcoming(periods: Period[], now: Date): Period | null {
  const ahead = periods.filter((each) => Date.parse(each.opens_at) > now.getTime());
  ahead.sort((a, b) => Date.parse(a.opens_at) - Date.parse(b.opens_at));
  return ahead[0] ?? null;
}

/** Calendar days in the period's zone: on the last day nothing is left but today. */
function daysBetween(now: Date, then: Date, timeZone: string): number {
  const day = (moment: Date) => Date.parse(`${dayIn(moment, timeZone)}T00:00:00Z`) / 86_400_000;
  return day(then) - day(now);
}
