import { useEffect } from "preact/hooks";

import type { Answers, CompiledForm } from "../../api/types";
import { data } from "../../app/data";
import { draftOf } from "./drafts";
import { askedFields, isAnswered, summaryOf } from "./fields";
import { isQueued } from "./queued";
import { refusalText } from "./refusals";
import { validate } from "./validation";

export interface DraftSummary {
  /** «Хабаровск»; empty when nothing that names the application is answered yet. */
  title: string;
  /** What is missing, or why it came back: «Выберите дату вылета». */
  note: string;
  savedAt: string;
  discard: () => Promise<void>;
}

/** The unfinished application of this form, for the card on the home page; null when there is none. */
export function useDraft(form: string): DraftSummary | null {
  const keeper = draftOf(form);
  useEffect(() => void keeper.load(), [keeper]);
  const draft = keeper.draft.value;
  const definition = data.form(form).data.value?.form;
  const profile = (data.me().data.value?.profile ?? {}) as Answers;
  // a queued application has its own row already
  if (!draft || isQueued(draft.client_key) || !Object.values(draft.answers).some(isAnswered)) return null;
  const answers = { ...profile, ...draft.answers };
  return {
    title: definition ? summaryOf(definition, answers) : "",
    note: draft.refused ? refusalText(draft.refused) : definition ? nextQuestion(definition, answers) : "",
    savedAt: draft.updated_at,
    discard: () => keeper.discard(),
  };
}

function nextQuestion(form: CompiledForm, answers: Answers): string {
  const asked = new Set(askedFields(form, answers, false).map((field) => field.name));
  return validate(form, answers).find((problem) => asked.has(problem.field))?.message ?? "";
}
