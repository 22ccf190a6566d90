import { useState } from "preact/hooks";

import { t } from "../i18n";
import { Button } from "../ui/Button";
import { toast } from "../ui/Toast";
import { supportLine } from "./support";

/** Copies the support line; where the clipboard is closed to us, shows the line to be copied by hand. */
export function ReportButton({ label }: { label: string }) {
  const [line, setLine] = useState<string | null>(null);
  const copy = async () => {
    const text = supportLine();
    try {
      await navigator.clipboard.writeText(text);
      toast(t("error.copied"));
    } catch {
      setLine(text);
    }
  };
  return (
    <>
      <Button variant="secondary" onClick={() => void copy()}>
        {label}
      </Button>
      {line && (
        <label class="support">
          <span class="small">{t("error.copy.failed")}</span>
          <textarea readOnly rows={4} value={line} aria-label={t("error.support")} />
        </label>
      )}
    </>
  );
}
