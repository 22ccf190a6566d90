/** Statistics as the server tells them: `contracts/statistics.py`. Keys are codes, labels are words. */
import type { Card } from "./types";

export interface OwnDirection {
  code: string;
  label: string;
  filed: number;
  approved: number;
  /** The latest approved date, past or coming. */
  last_date: string | null;
}

/** The open period as everybody may see it: groups that would point at single people are hidden. */
export interface PublicStatistics {
  period: string | null;
  total: number | null;
  rows: { code: string; label: string; count: number }[];
  hidden: number;
}

/** E11. */
export interface OwnStatistics {
  form: string;
  filed: number;
  approved: number;
  decision_days: number | null;
  dimension: string | null;
  label: string;
  directions: OwnDirection[];
  raises: string[];
  public: PublicStatistics;
  as_of: string;
}

interface Question {
  conclusion: string;
}

interface Asked {
  requested: number;
  approved: number;
  refused: number;
  undecided: number;
}

/** The eight questions of B10 about one period. */
export interface Questions {
  demand: Question & { days: (Asked & { date: string })[]; short_days: number; worst: string | null };
  directions: Question & { dimension: string | null; label: string; rows: (Asked & { code: string; label: string })[] };
  progress: Question & {
    days: { date: string; decided: number | null; planned: number | null }[];
    total: number;
    decided: number;
    due_at: string | null;
    share: number;
    planned_share: number | null;
  };
  filing: Question & {
    days: { date: string; count: number }[];
    hours: { at: string; count: number }[];
    total: number;
    last_two_days: number;
    share: number;
  };
  fairness: Question & {
    from_month: string;
    to_month: string;
    threshold: number;
    rows: { code: string; label: string; people: { approvals: number; people: number }[]; over: number }[];
  };
  durations: Question & {
    weeks: { week: string; decided: number; p50_days: number; p90_days: number }[];
    decided: number;
    p50_days: number | null;
    p90_days: number | null;
  };
  channels: Question & { rows: { code: string; label: string; count: number; share: number }[]; total: number };
  health: Question & {
    components: { code: string; label: string; state: "ok" | "late" | "down"; detail: string }[];
    latency: { answers: number; p50_ms: number; p95_ms: number } | null;
    hours: { at: string; shown: number; failed: number }[];
    oldest_undelivered_seconds: number;
    dead_letters: number;
    pending: number;
  };
}

export interface QuestionPeriod {
  id: number | null;
  title: string;
  from: string;
  to: string;
}

export interface QuestionsAnswer {
  form: string;
  period: QuestionPeriod;
  periods: QuestionPeriod[];
  as_of: string;
  pending: number;
  people: number;
  questions: Questions;
}

/** An application as the desk lists it: with the name of whoever filed it. */
export interface DeskRow extends Card {
  full_name: string;
}

/** The applications behind a figure, a page at a time. */
export interface RowsPage {
  items: DeskRow[];
  next_cursor: string | null;
  /** The figure itself: so many there are. */
  total: number;
  as_of: string;
}
