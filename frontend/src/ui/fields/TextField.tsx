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

/** The keyboard of figures. What is typed stays as it is («1,» on the way to «1,5»); the form's cleaning makes the number. */
export function NumberField(props: Omit<TextFieldProps, "inputMode">) {
  return <TextField {...props} inputMode="decimal" />;
}
