import type { Answers, AnswerValue } from "../../api/types";
import { now } from "../../app/clock";
import { Lazy } from "../../app/Lazy";
import { dayIn } from "../../i18n";
import { BooleanField, MultiChoice } from "../../ui/fields/ChoiceField";
import { DateField } from "../../ui/fields/DateField";
import type { FieldProps } from "../../ui/fields/frame";
import { TextArea } from "../../ui/fields/TextArea";
import { NumberField, TextField } from "../../ui/fields/TextField";
import { Skeleton } from "../../ui/Skeleton";
import { LocationSelector, type SelectorTexts } from "../../ui/location/LocationSelector";
import { fieldOf, fillText, nameOf, optionsFor, shortLabel, type Field } from "./fields";
import type { FormSession } from "./session";

/** What this person did before: it orders lists and marks days, it never decides. */
export interface History {
  recent: (field: string) => string[];
  requested: string[];
}

interface FieldControlProps {
  session: FormSession;
  field: Field;
  history: History;
  /** One page with all questions, or the one question of its page. */
  compact: boolean;
  timezone: string;
}

/** The control of one question, chosen by its kind alone: no form is known here by name. */
export function FieldControl(props: FieldControlProps) {
  const { session, field, compact } = props;
  const value = session.answers.value[field.name];
  const base = {
    name: field.name,
    label: compact ? shortLabel(field) : (field.question ?? field.label),
    hint: field.hint,
    error: session.messageOf(field.name),
    optional: !field.required,
    hideLabel: !compact,
  };
  const change = (next: AnswerValue) => session.set(field.name, next);
  const leave = () => session.leave(field.name);
  switch (field.kind) {
    case "choice":
      return <Choice {...props} base={base} value={value} change={change} leave={leave} />;
    case "multichoice":
      return (
        <MultiChoice {...base} options={optionsFor(field, session.answers.value)} onChange={change}
          value={Array.isArray(value) ? value : []} />
      );
    case "date":
      return <DateField {...base} rules={rulesOf(props)} value={textOf(value)} onChange={change} />;
    case "number":
      return <NumberField {...base} value={textOf(value) ?? ""} onChange={change} onBlur={leave} />;
    case "boolean":
      return <BooleanField {...base} value={typeof value === "boolean" ? value : null} onChange={change} />;
    case "file":
      return <Lazy meanwhile={<Skeleton heights={[6]} />} draw={({ FilesField }) => <FilesField {...base} {...{ session, field }} />} />;
    default:
      return <Text {...props} base={base} value={value} change={change} leave={leave} />;
  }
}

interface PartProps extends FieldControlProps {
  base: FieldProps;
  value: AnswerValue | undefined;
  change: (value: AnswerValue) => void;
  leave: () => void;
}

function Choice({ session, field, history, compact, base, value, change, leave }: PartProps) {
  const answers = session.answers.value;
  return (
    <LocationSelector {...base} options={optionsFor(field, answers)} value={value} onChange={change} onBlur={leave}
      recent={history.recent(field.name)} allowOther={Boolean(field.allow_other)} compact={compact}
      notice={session.notices.value[field.name]} texts={textsOf(session, field, answers)} />
  );
}

function Text({ field, base, value, change, leave }: PartProps) {
  const common = { ...base, value: textOf(value) ?? "", onChange: change, onBlur: leave };
  if (field.multiline) return <TextArea {...common} maxLength={field.max_length} />;
  return <TextField {...common} inputMode={field.input_mode} />;
}

/** The form's own words; `{parent}` is the name of the answer above. */
function textsOf(session: FormSession, field: Field, answers: Answers): SelectorTexts {
  const parent = field.parent ? fieldOf(session.form, field.parent) : undefined;
  const words = { parent: nameOf(parent, textOf(answers[field.parent ?? ""]) ?? "") };
  return { ...field.texts, none: fillText(field.texts?.none, words) };
}

function rulesOf({ field, history, timezone, session }: FieldControlProps) {
  return {
    min: field.min ?? null,
    max: field.max ?? null,
    excluded: field.excluded ?? [],
    holidays: field.holidays ?? [],
    requested: session.form.date_field === field.name ? history.requested : [],
    demand: {},
    today: dayIn(now(), timezone),
  };
}

function textOf(value: AnswerValue | undefined): string | null {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
}
