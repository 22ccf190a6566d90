import type { AnswerValue, Answers, FormField } from "../../api/types";
import { ChoiceField } from "../../ui/fields/ChoiceField";
import { TextField } from "../../ui/fields/TextField";
import { optionsFor } from "./fields";

interface ProfileFieldProps {
  field: FormField;
  answers: Answers;
  error: string | null;
  /** The question is the page's h1 already. */
  hideLabel?: boolean;
  onChange: (value: AnswerValue) => void;
  onBlur?: () => void;
}

/** One fact: rows to choose from, or a line to write. */
export function ProfileField({ field, answers, error, hideLabel, onChange, onBlur }: ProfileFieldProps) {
  const { name, label, hint, kind } = field;
  const value = answers[name];
  const common = { name, label, hint, error, hideLabel };
  if (kind === "choice") {
    const code = typeof value === "string" ? value : null;
    return <ChoiceField {...common} options={optionsFor(field, answers)} value={code} onChange={onChange} />;
  }
  const text = typeof value === "string" ? value : "";
  return <TextField {...common} value={text} inputMode={field.input_mode} onChange={onChange} onBlur={onBlur} />;
}
