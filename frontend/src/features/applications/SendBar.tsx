import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { StickyBar } from "../../ui/StickyBar";
import type { FormSession } from "./session";

interface SendBarProps {
  session: FormSession;
  /** What the button says while nothing is under way. */
  label: string;
  verb: "send" | "save";
  onSend: () => void;
}

/** The form's one primary button; pressed while files are on their way it waits for them, or goes without (ux B5). */
export function SendBar({ session, label, verb, onSend }: SendBarProps) {
  const { sending, waiting, uploads } = session;
  const { underWay, drop } = uploads.value;
  const now = waiting.value ? t(`form.after.${verb}`, { count: underWay }) : label;
  return (
    <StickyBar>
      <Button wide busy={sending.value || waiting.value} onClick={onSend}>
        {sending.value ? t(verb === "send" ? "form.sending" : "form.saving") : now}
      </Button>
      {waiting.value && (
        <Button variant="text" wide onClick={drop}>
          {t(`form.without.${verb}`)}
        </Button>
      )}
    </StickyBar>
  );
}
