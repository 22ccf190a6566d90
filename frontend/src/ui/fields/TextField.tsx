import { describedBy, fieldId, InputFrame, type FieldProps } from "./frame";

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  /** On leaving the field: the form judges only what is certainly wrong (ux B4). */
  onBlur?: (() => void) | undefined;
  inputMode?: string | null | undefined;
  autoComplete?: string;
}

export function TextField({ value, onChange, onBlur, inputMode, autoComplete, ...field }: TextFieldProps) {
  return (
    <InputFrame {...field}>
      <input
        class="input"
        type="text"
        id={fieldId(field.name)}
        value={value}
        inputMode={inputMode ?? "text"}
        autoComplete={autoComplete ?? "off"}
        aria-invalid={field.error ? "true" : undefined}
        aria-describedby={describedBy(field)}
        onInput={(event) => onChange(event.currentTarget.value)}
        onBlur={onBlur}
      />
    </InputFrame>
  );
}

export interface NumberFieldProps extends FieldProps {
  /** Text that is no number stays as it was typed: the validator has the word. */
  value: number | string | null;
  onChange: (value: number | string | null) => void;
  onBlur?: (() => void) | undefined;
}

export function NumberField({ value, onChange, ...rest }: NumberFieldProps) {
  return (
    <TextField {...rest} value={value === null ? "" : String(value)} inputMode="decimal"
      onChange={(text) => onChange(numberOf(text))} />
  );
}

function numberOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return /^-?\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : text;
}
