import type { Card, Period, Status } from "../../api/types";
import type { History } from "./FieldControl";

const ENDED: readonly Status[] = ["withdrawn", "rejected", "revoked"];

/** What the person's own applications of this form tell: choices made lately, days already asked for. */
export function historyOf(cards: readonly Card[], form: string, except?: string): History {
  const own = cards.filter((card) => card.form === form && card.number !== except);
  const active = own.filter((card) => !ENDED.includes(card.status));
  return {
    recent: (field) => [...new Set(own.map((card) => card.answers[field]).filter((code) => typeof code === "string"))],
    requested: active.flatMap((card) => card.target_date ?? []),
  };
}

/** My active application that takes a place of this period. */
export function filedFor(cards: readonly Card[], form: string, period: Pick<Period, "target_from" | "target_to">): Card | null {
  const inTarget = ({ target_date: day }: Card) => day !== null && day >= period.target_from && day <= period.target_to;
  return cards.find((card) => card.form === form && !ENDED.includes(card.status) && inTarget(card)) ?? null;
}
