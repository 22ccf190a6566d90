import { useEffect, useState } from "preact/hooks";

import { t } from "../../i18n";
import { describedBy, fieldId, InputFrame, type FieldProps } from "./frame";

interface TextAreaProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: (() => void) | undefined;
  /** The counter appears when four fifths are written; nothing is cut off while typing. */
  maxLength?: number | null | undefined;
}

const COUNTER_FROM = 0.8;
const ANNOUNCE_AFTER_MS = 1_000;

export function TextArea({ value, onChange, onBlur, maxLength, ...field }: TextAreaProps) {
  return (
    <InputFrame {...field}>
      <textarea
        class="input"
        rows={4}
        id={fieldId(field.name)}
        value={value}
        aria-invalid={field.error ? "true" : undefined}
        aria-describedby={describedBy(field)}
        onInput={(event) => onChange(event.currentTarget.value)}
        onBlur={onBlur}
      />
      <Counter length={lengthOf(value.trim())} maxLength={maxLength ?? null} />
    </InputFrame>
  );
}

/** Seen at every letter, spoken only when the person pauses. */
function Counter({ length, maxLength }: { length: number; maxLength: number | null }) {
  const shown = maxLength !== null && length >= Math.floor(maxLength * COUNTER_FROM);
  const text = shown ? counterText(maxLength - length) : "";
  const spoken = useSettled(text);
  return (
    <>
      {text && (
        <p class="cap counter" aria-hidden="true">
          {text}
        </p>
      )}
      <p class="vh" role="status">
        {spoken}
      </p>
    </>
  );
}

/** Code points, as the server counts. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function counterText(left: number): string {
  return left < 0 ? t("ui.counter.over", { count: -left }) : t("ui.counter.left", { count: left });
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ANNOUNCE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
