import { useState } from "preact/hooks";

import { api } from "../../api/client";
import type { Linked } from "../../api/types";
import { sentence } from "../../app/failure";
import { t } from "../../i18n";
import { host } from "../../platform";
import { Button, type ButtonProps } from "../../ui/Button";
import { focusField } from "../../ui/ErrorSummary";
import { fieldId } from "../../ui/fields/frame";
import { TextField } from "../../ui/fields/TextField";
import { newKey } from "../applications/keys";

const FIELD = "code";
const DIGITS = 6;

interface CodeFormProps {
  variant?: ButtonProps["variant"];
  onLinked: (linked: Linked) => void | Promise<void>;
}

/** Six digits that the other messenger shows; they may be pasted as they come (WCAG 3.3.8). */
export function CodeForm({ variant = "primary", onLinked }: CodeFormProps) {
  const { text, error, busy, write, send } = useCode(onLinked);
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextField name={FIELD} label={t("code.label")} hint={t("code.hint")} value={text} error={error} inputMode="numeric"
        autoComplete="one-time-code" onChange={write} />
      <div class="actions">
        <Button type="submit" variant={variant} busy={busy}>
          {busy ? t("code.busy") : t("code.action")}
        </Button>
      </div>
    </form>
  );
}

function useCode(onLinked: CodeFormProps["onLinked"]) {
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const write = (next: string) => {
    setText(next);
    if (problemOf(next) === "") setError("");
  };
  const refuse = (message: string) => {
    setError(message);
    host.haptic("error");
    focusField(fieldId(FIELD));
  };
  const send = async () => {
    if (busy) return;
    const problem = problemOf(text);
    if (problem) return refuse(problem);
    setBusy(true);
    try {
      const linked = await api.redeemCode(digitsOf(text), newKey());
      host.haptic("success");
      await onLinked(linked);
    } catch (failure) {
      refuse(sentence(failure));
    } finally {
      setBusy(false);
    }
  };
  return { text, error, busy, write, send };
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

function problemOf(text: string): string {
  const { length } = digitsOf(text);
  if (length === 0) return t("code.empty");
  return length === DIGITS ? "" : t("code.short", { count: length });
}
