import { useState } from "preact/hooks";

import { api } from "../../api/client";
import type { ApplicationView } from "../../api/types";
import { ChatButton } from "../../app/ChatButton";
import { CopyButton } from "../../app/CopyButton";
import { applicationChanged, data } from "../../app/data";
import { sentence } from "../../app/failure";
import { t } from "../../i18n";
import { host } from "../../platform";
import { Button, ButtonLink } from "../../ui/Button";
import { toast } from "../../ui/Toast";
import { AskBlock } from "./AskBlock";
import { newKey } from "./keys";
import { newPath } from "./paths";
import type { Saying } from "./saying";
import { WithdrawSheet } from "./WithdrawSheet";

/** What the server says this person may do now; nothing else is drawn. */
export function Actions({ view, asking: saying }: { view: ApplicationView; asking: Saying }) {
  const [asking, setAsking] = useState(false);
  const { can, number } = view;
  const withdraw = useOnce(() => withdrawNow(view));
  const restore = useOnce(() => restoreNow(view));
  const press = can.withdraw_needs_reason ? () => setAsking(true) : withdraw.run;
  return (
    <>
      {can.ask && !view.decision && <AskBlock view={view} saying={saying} label={t("form.view.question")} />}
      <div class="actions">
        {can.edit && <ButtonLink href={`/r/${number}/edit`}>{t("form.view.edit")}</ButtonLink>}
        {can.withdraw && (
          <Button variant="danger" busy={withdraw.busy} onClick={press}>
            {withdrawLabel(view)}
          </Button>
        )}
        {can.restore && (
          <Button variant="secondary" busy={restore.busy} onClick={restore.run}>
            {t(view.withdrawal_requested_at ? "form.view.keep" : "form.view.restore")}
          </Button>
        )}
        <FileAgain view={view} />
        {!can.ask && <ChatButton variant="text" label={t("form.view.question")} />}
        <LinkButton number={number} />
        {asking && <WithdrawSheet view={view} onClose={() => setAsking(false)} />}
      </div>
    </>
  );
}

/** To be passed on in a chat: in a messenger nothing else shows where the application is. */
function LinkButton({ number }: { number: string }) {
  const { linkTo } = host;
  if (!linkTo) return null;
  return (
    <CopyButton
      variant="text"
      label={t("form.view.link")}
      make={() => linkTo({ to: "r", id: number })}
      done={t("form.view.link.done")}
      none={t("form.view.link.none")}
      field={t("form.view.link.field")}
    />
  );
}

/** Ended without a seat, and the period still takes applications. */
function FileAgain({ view }: { view: ApplicationView }) {
  const period = data.form(view.form).data.value?.period;
  const isEnded = view.status === "withdrawn" || view.status === "rejected";
  if (!isEnded || period?.state !== "open" || period.filed >= period.limit) return null;
  return (
    <ButtonLink href={newPath(view.form)} variant="secondary">
      {t("form.view.again")}
    </ButtonLink>
  );
}

function withdrawLabel(view: ApplicationView): string {
  if (!view.can.withdraw_needs_reason) return t("form.view.withdraw");
  return t(view.status === "approved" ? "form.view.decline" : "form.view.ask");
}

/** Undo beats confirm: gone at once, back by one press for ten seconds, and on the page after that (E10). */
async function withdrawNow(view: ApplicationView): Promise<void> {
  const after = await api.withdraw(view.number, { version: view.version }, newKey());
  applicationChanged(after);
  toast(t("form.withdraw.done"), {
    action: { label: t("form.withdraw.undo"), run: () => void told(() => restoreNow(after)) },
  });
}

async function restoreNow(view: ApplicationView): Promise<void> {
  applicationChanged(await api.restore(view.number, newKey()));
  toast(t("form.withdraw.restored"));
}

/** A failure becomes a sentence, and the page shows the state that is true now. */
export async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (failure) {
    toast(sentence(failure));
    applicationChanged();
  }
}

function useOnce(work: () => Promise<void>): { busy: boolean; run: () => void } {
  const [busy, setBusy] = useState(false);
  const run = () => {
    if (busy) return;
    setBusy(true);
    void told(work).finally(() => setBusy(false));
  };
  return { busy, run };
}
