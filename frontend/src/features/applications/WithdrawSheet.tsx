import { useState } from "preact/hooks";

import { api } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { ApplicationView } from "../../api/types";
import { applicationChanged } from "../../app/data";
import { sentence } from "../../app/failure";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { focusField } from "../../ui/ErrorSummary";
import { fieldId } from "../../ui/fields/frame";
import { TextArea } from "../../ui/fields/TextArea";
import { Sheet } from "../../ui/Sheet";
import { toast } from "../../ui/Toast";
import { newKey } from "./keys";

const FIELD = "reason";
const LONGEST = 300;

/** Giving back an approved seat, or asking a dispatcher after the deadline: both need a reason (ux 0.4, E10). */
export function WithdrawSheet({ view, onClose }: { view: ApplicationView; onClose: () => void }) {
  const { reason, error, busy, write, send } = useReason(view, onClose);
  const declines = view.status === "approved";
  return (
    <Sheet title={t(declines ? "form.withdraw.declineTitle" : "form.withdraw.askTitle")} onClose={onClose}>
      <TextArea name={FIELD} label={t("form.withdraw.reason")} value={reason} error={error} maxLength={LONGEST}
        hint={t(declines ? "form.withdraw.declineHint" : "form.withdraw.askHint")} onChange={write} />
      <Button variant="danger" wide busy={busy} onClick={() => void send()}>
        {t(declines ? "form.withdraw.declineSend" : "form.withdraw.askSend")}
      </Button>
    </Sheet>
  );
}

function useReason(view: ApplicationView, onDone: () => void) {
  const [reason, setReason] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const write = (text: string) => {
    setReason(text);
    if (text.trim()) setError("");
  };
  const refuse = (message: string) => {
    setError(message);
    focusField(fieldId(FIELD));
  };
  const send = async () => {
    if (busy) return;
    if (reason.trim() === "") return refuse(t("form.withdraw.reasonEmpty"));
    setBusy(true);
    await withdraw(view, reason.trim()).then(onDone, (failure: unknown) => refuse(messageOf(failure)));
    setBusy(false);
  };
  return { reason, error, busy, write, send };
}

async function withdraw(view: ApplicationView, reason: string): Promise<void> {
  const after = await api.withdraw(view.number, { version: view.version, reason }, newKey());
  applicationChanged(after);
  toast(t(after.withdrawal_requested_at ? "form.withdraw.requested" : "form.withdraw.declined"));
}

function messageOf(failure: unknown): string {
  return (failure instanceof ApiError && failure.errors[0]?.message) || sentence(failure);
}
