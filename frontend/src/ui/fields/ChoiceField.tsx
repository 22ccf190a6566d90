import type { ComponentChildren } from "preact";

import { t } from "../../i18n";
import { fieldId, GroupFrame, type FieldProps } from "./frame";

export interface RowOption {
  code: string;
  name: string;
  hint?: string | null | undefined;
}

interface RowProps {
  type: "radio" | "checkbox";
  group: string;
  option: RowOption;
  checked: boolean;
  invalid?: boolean;
  onPick: (checked: boolean) => void;
}

/** One large row with a native control: keys, names and states come from the browser. */
export function Row({ type, group, option, checked, invalid, onPick }: RowProps) {
  return (
    <label class="row">
      <input type={type} name={group} value={option.code} checked={checked} aria-invalid={invalid ? "true" : undefined}
        onChange={(event) => onPick(event.currentTarget.checked)} />
      <span class="row-text">
        <span>{option.name}</span>
        {option.hint && !isCode(option.hint) && <span class="cap">{option.hint}</span>}
      </span>
      {option.hint && isCode(option.hint) && <span class="cap row-code">{option.hint}</span>}
    </label>
  );
}

/** «AER»: short enough to stand at the end of the row. */
function isCode(hint: string): boolean {
  return hint.length <= 4;
}

interface ChoiceFieldProps extends FieldProps {
  options: readonly RowOption[];
  value: string | null;
  onChange: (code: string) => void;
  /** A field that belongs to the last row, such as the person's own words. */
  children?: ComponentChildren;
}

export function ChoiceField({ options, value, onChange, children, ...field }: ChoiceFieldProps) {
  return (
    <GroupFrame {...field} role="radiogroup">
      <div class="rows">
        {options.map((option) => (
          <Row key={option.code} type="radio" group={fieldId(field.name)} option={option}
            checked={option.code === value} onPick={() => onChange(option.code)} />
        ))}
      </div>
      {children}
    </GroupFrame>
  );
}

interface MultiChoiceProps extends FieldProps {
  options: readonly RowOption[];
  value: readonly string[];
  onChange: (codes: string[]) => void;
}

export function MultiChoice({ options, value, onChange, ...field }: MultiChoiceProps) {
  const toggle = (code: string, checked: boolean) =>
    onChange(options.map((option) => option.code).filter((each) => (each === code ? checked : value.includes(each))));
  return (
    <GroupFrame {...field}>
      <div class="rows">
        {options.map((option) => (
          <Row key={option.code} type="checkbox" group={fieldId(field.name)} option={option}
            checked={value.includes(option.code)} invalid={Boolean(field.error)}
            onPick={(checked) => toggle(option.code, checked)} />
        ))}
      </div>
    </GroupFrame>
  );
}

interface BooleanFieldProps extends FieldProps {
  value: boolean | null;
  onChange: (value: boolean) => void;
}

/** Yes and no as two answers: an empty tick could also mean "not asked yet". */
export function BooleanField({ value, onChange, ...field }: BooleanFieldProps) {
  const options = [
    { code: "yes", name: t("ui.yes") },
    { code: "no", name: t("ui.no") },
  ];
  const code = value === null ? null : value ? "yes" : "no";
  return <ChoiceField {...field} options={options} value={code} onChange={(next) => onChange(next === "yes")} />;
}
