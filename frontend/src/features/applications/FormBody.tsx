import { useEffect, useState } from "preact/hooks";

import { loadLater } from "../../app/Lazy";
import { t } from "../../i18n";
import { ErrorSummary, focusField } from "../../ui/ErrorSummary";
import { fieldId } from "../../ui/fields/frame";
import { AttachButton } from "./AttachButton";
import { FieldControl, type History } from "./FieldControl";
import { isAnswered, shortLabel, type Field } from "./fields";
import type { FormSession } from "./session";

interface FormBodyProps {
  session: FormSession;
  history: History;
  timezone: string;
}

/** All questions on one page; optional ones that are still empty stay folded into a chip. */
export function FormBody({ session, history, timezone }: FormBodyProps) {
  const [unfolded, setUnfolded] = useState<string[]>([]);
  const isOpen = (field: Field) =>
    field.required ||
    isAnswered(session.answers.value[field.name]) ||
    session.uploads.value.fields.includes(field.name) ||
    unfolded.includes(field.name);
  const asked = session.asked.value;
  useFocusOnProblem(session);
  useOpenFiles(session);
  const unfold = (name: string) => {
    setUnfolded([...unfolded, name]);
    setTimeout(() => focusField(fieldId(name)));
  };
  return (
    <>
      {asked.filter(isOpen).map((field) => (
        <FieldControl key={field.name} compact {...{ session, field, history, timezone }} />
      ))}
      <Additions session={session} fields={asked.filter((field) => !isOpen(field))} onUnfold={unfold} />
    </>
  );
}

interface AdditionsProps {
  session: FormSession;
  fields: Field[];
  onUnfold: (name: string) => void;
}

/** A chip for files opens the picker at once: what is picked unfolds the field. */
function Additions({ session, fields, onUnfold }: AdditionsProps) {
  if (fields.length === 0) return null;
  const words = (field: Field) => field.texts?.add ?? t("form.add", { label: shortLabel(field) });
  return (
    <div class="chips">
      {fields.map((field) =>
        field.kind === "file" ? (
          <AttachButton key={field.name} class="chip-btn" {...{ session, field }} onPicked={() => onUnfold(field.name)}>
            {words(field)}
          </AttachButton>
        ) : (
          <button key={field.name} type="button" class="chip-btn" onClick={() => onUnfold(field.name)}>
            {words(field)}
          </button>
        ),
      )}
    </div>
  );
}

/** The block at the top after a press that found problems; `from` problems on (ux B4). */
export function Summary({ session, from, only }: { session: FormSession; from: number; only?: string }) {
  const problems = session.problems.value.filter((problem) => only === undefined || problem.field === only);
  if (session.found.value < from || problems.length === 0) return null;
  const items = problems.map(({ field, message }) => ({ target: fieldId(field), message }));
  return <ErrorSummary items={items} stamp={session.attempt.value} />;
}

/** Files that a closed page had not finished: they show by themselves. */
function useOpenFiles(session: FormSession): void {
  useEffect(() => {
    if (session.form.fields.some(({ kind }) => kind === "file")) void loadLater().then((later) => later.openFiles(session));
  }, [session]);
}

/** One problem on a page of many questions needs no summary: straight to the field. */
function useFocusOnProblem(session: FormSession): void {
  const attempt = session.attempt.value;
  useEffect(() => {
    const [first, second] = session.problems.peek();
    if (attempt > 0 && first && !second && session.found.peek() === 1) focusField(fieldId(first.field));
  }, [attempt]);
}
