interface PickProps {
  name: string;
  label: string;
  options: { code: string; name: string }[];
  value: string;
  onPick: (code: string) => void;
}

/** One of a few, in a line: the browser's own list is the quickest on every device. */
export function Pick({ name, label, options, value, onPick }: PickProps) {
  return (
    <div class="pick">
      <label for={name}>{label}</label>
      <select id={name} class="input" value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.code} value={option.code}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  );
}
