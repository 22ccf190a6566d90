import { useState } from "preact/hooks";

import { t } from "../i18n";
import { Button, type ButtonProps } from "../ui/Button";
import { toast } from "../ui/Toast";

interface CopyButtonProps {
  label: string;
  variant?: ButtonProps["variant"];
  /** What is copied, made when it is pressed; null when it cannot be made. */
  make: () => string | null | Promise<string | null>;
  done: string;
  /** Said when there is nothing to copy. */
  none?: string;
  /** Names the field that shows the text where the clipboard is closed to us. */
  field: string;
}

/** Copies a text; where the clipboard is closed to us (somebody else's frame), shows it to be copied by hand. */
export function CopyButton({ label, variant = "secondary", make, done, none = "", field }: CopyButtonProps) {
  const [shown, setShown] = useState<string | null>(null);
  const copy = async () => {
    const text = await make();
    if (text === null) return toast(none);
    try {
      await navigator.clipboard.writeText(text);
      toast(done);
    } catch {
      setShown(text);
    }
  };
  return (
    <>
      <Button variant={variant} onClick={() => void copy()}>
        {label}
      </Button>
      {shown !== null && (
        <label class="support">
          <span class="small">{t("error.copy.failed")}</span>
          <textarea readOnly rows={4} value={shown} aria-label={field} />
        </label>
      )}
    </>
  );
}
