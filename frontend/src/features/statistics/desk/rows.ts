import type { QuestionPeriod, Status } from "../../../api/types";

/** The query of a figure, as the page of its rows carries it in its address. */
export type RowsQuery = Record<string, string | number | undefined>;

const GIVEN_STATUSES: Status[] = ["approved", "completed"];
const OTHER_STATUSES: Status[] = ["submitted", "in_review", "needs_info", "waitlisted", "rejected", "revoked"];
/** What an approval is. */
export const GIVEN = GIVEN_STATUSES.join();
/** Who counts as having asked: everybody but those who have withdrawn. */
export const ASKED = [...GIVEN_STATUSES, ...OTHER_STATUSES].join();

/** A period is a month that was asked for; without periods there are only the days of filing. */
export function basisOf({ id }: QuestionPeriod): "target" | "filed" {
  return id === null ? "filed" : "target";
}

export function rowsPath(query: RowsQuery): string {
  const known = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return `/desk/statistics/rows?${new URLSearchParams(known).toString()}`;
}
