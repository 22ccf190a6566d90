/** What desk and owner say to each other about an application: `contracts/decisions.py`. */
import type { Change } from "./types";

/** The question that waits for an answer; a proposal is what «yes» would write. */
export interface OpenQuestion {
  id: number;
  text: string;
  asked_at: string;
  due_at: string | null;
  proposal: { label: string; changes: Change[] } | null;
}

/** A seat that has become free for somebody on the reserve list. */
export interface OpenOffer {
  id: number;
  until: string;
}

export interface ThreadEntry {
  from: "desk" | "owner";
  kind: "question" | "answer" | "message" | "reply";
  text: string;
  at: string;
  name: string | null;
}

export interface AnswerBody {
  question: number;
  answer: "yes" | "no" | "text";
  text?: string;
}
