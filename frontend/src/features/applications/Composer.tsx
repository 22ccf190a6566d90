import { useEffect } from "preact/hooks";

import { Button } from "../../ui/Button";
import { focusField } from "../../ui/ErrorSummary";
import { fieldId } from "../../ui/fields/frame";
import { TextArea } from "../../ui/fields/TextArea";
import { t } from "../../i18n";
import { LONGEST, type Saying } from "./saying";

interface ComposerProps {
  saying: Saying;
  name: string;
  label: string;
  hint?: string;
  onSend: () => Promise<void>;
  onClose: () => void;
}

/** A field in its place on the page, opened by a press. What is typed stays on the device until it has arrived. */
export function Composer({ saying, name, label, hint, onSend, onClose }: ComposerProps) {
  const id = fieldId(name);
  const error = saying.error.value;
  useEffect(() => focusField(id), [id, error]);
  return (
    <form class="composer" noValidate onSubmit={(event) => (event.preventDefault(), void onSend())}>
      <TextArea name={name} label={label} hint={hint} error={error} value={saying.text.value} maxLength={LONGEST} onChange={saying.write} />
      <div class="actions">
        <Button type="submit">{t("talk.send")}</Button>
        <Button variant="text" onClick={onClose}>{t("talk.close")}</Button>
      </div>
    </form>
  );
}
