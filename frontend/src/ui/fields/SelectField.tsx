import { describedBy, fieldId, InputFrame, type FieldProps } from "./frame";

interface SelectFieldProps extends FieldProps {
  options: readonly { code: string; name: string }[];
  value: string;
  onChange: (code: string) => void;
}

/** The device's own list, for one of many well-known things: an hour, a time zone. */
export function SelectField({ options, value, onChange, ...field }: SelectFieldProps) {
  return (
    <InputFrame {...field}>
      <select class="input" id={fieldId(field.name)} value={value} aria-describedby={describedBy(field)}
        onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(({ code, name }) => (
          <option key={code} value={code} selected={code === value}>
            {name}
          </option>
        ))}
      </select>
    </InputFrame>
  );
}
