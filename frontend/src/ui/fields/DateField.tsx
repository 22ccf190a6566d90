import { useState } from "preact/hooks";

import { formatDay, t } from "../../i18n";
import { Button } from "../Button";
import { Calendar } from "../calendar/Calendar";
import { refusal, type DayRules } from "../calendar/rules";
import { parseTypedDate } from "../calendar/typed";
import { refusalSentence } from "../calendar/words";
import { describedBy, FieldError, fieldId, GroupFrame, type FieldProps } from "./frame";

interface DateFieldProps extends FieldProps {
  rules: DayRules;
  value: string | null;
  onChange: (iso: string) => void;
}

/** The month grid with its typed alternative: never calendar-only (ux B2). */
export function DateField({ rules, value, onChange, ...field }: DateFieldProps) {
  const [typing, setTyping] = useState(false);
  return (
    <GroupFrame {...field}>
      <Calendar rules={rules} value={value} onChange={onChange} headingId={`${fieldId(field.name)}-month`}
        describedBy={describedBy(field)} invalid={Boolean(field.error)} />
      {typing ? (
        <TypedDate name={field.name} rules={rules} onChange={onChange} />
      ) : (
        <button type="button" class="chip-btn" onClick={() => setTyping(true)}>
          {t("ui.cal.type")}
        </button>
      )}
    </GroupFrame>
  );
}

type TypedProps = Pick<DateFieldProps, "name" | "rules" | "onChange">;

function TypedDate({ name, rules, onChange }: TypedProps) {
  const { text, error, parsed, type, commit, onKeyDown } = useTyped({ rules, onChange });
  const id = `${fieldId(name)}-typed`;
  return (
    <div class="typed">
      <label for={id}>{t("ui.cal.typed")}</label>
      <p class="small" id={`${id}-hint`}>
        {t("ui.cal.typedHint")}
      </p>
      <FieldError name={`${name}-typed`} label="" error={error} />
      <div class="typed-row">
        <input class="input" type="text" id={id} value={text} autoComplete="off" ref={focusOnce}
          aria-invalid={error ? "true" : undefined} aria-describedby={error ? `${id}-hint ${id}-error` : `${id}-hint`}
          onInput={(event) => type(event.currentTarget.value)} onBlur={commit} onKeyDown={onKeyDown} />
        <Button variant="secondary" onClick={commit}>
          {t("ui.cal.choose")}
        </Button>
      </div>
      <p class="small" role="status">
        {parsed ? formatDay(parsed) : ""}
      </p>
    </div>
  );
}

/** Judged on Enter, on the button and on leaving; while it is being put right the message follows (ux B4). */
function useTyped({ rules, onChange }: Pick<TypedProps, "rules" | "onChange">) {
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const parsed = text.trim() === "" ? null : parseTypedDate(text, rules);
  const type = (next: string) => {
    setText(next);
    if (error) setError(problemOf(next, parseTypedDate(next, rules), rules));
  };
  const commit = () => {
    const problem = problemOf(text, parsed, rules);
    setError(problem);
    if (parsed && !problem) onChange(parsed);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    commit();
  };
  return { text, error, parsed, type, commit, onKeyDown };
}

/** Nothing typed is no mistake; a date that cannot be chosen answers with the calendar's own reason. */
function problemOf(text: string, parsed: string | null, rules: DayRules): string {
  if (text.trim() === "") return "";
  if (parsed === null) return t("ui.cal.typedError");
  const refused = refusal(parsed, rules);
  return refused ? refusalSentence(parsed, refused, rules) : "";
}

const focused = new WeakSet<HTMLElement>();

/** «Ввести дату» gave way to this field: the focus that stood on the button moves into it, once. */
function focusOnce(input: HTMLInputElement | null): void {
  if (!input || focused.has(input)) return;
  focused.add(input);
  input.focus();
}
