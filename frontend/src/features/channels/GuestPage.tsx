import { useEffect, useState } from "preact/hooks";

import type { LinkCode, Linked } from "../../api/types";
import { ChatButton } from "../../app/ChatButton";
import { config } from "../../app/config";
import { Page } from "../../app/Page";
import { goOnWith, meetAgain } from "../../app/session";
import { t } from "../../i18n";
import { host } from "../../platform";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/Toast";
import { CodeCard, GetCode } from "./CodeCard";
import { CodeForm } from "./CodeForm";

/** Somebody whom Telegram has proven and nobody knows: the one thing they can do is to say who they are in eXpress. */
export function GuestPage() {
  return (
    <Page title={t("guest.title")} help={false} lead={<p>{t("guest.lead")}</p>}>
      <section class="stack" aria-labelledby="guest-enter">
        <h2 id="guest-enter">{t("guest.enter")}</h2>
        <p class="small">{t("guest.enter.text")}</p>
        <CodeForm onLinked={becomeSomebody} />
      </section>
      <OtherWay />
      {config.contact && <p class="small">{`${t("help.contact")}: ${config.contact}`}</p>}
    </Page>
  );
}

function OtherWay() {
  const [code, setCode] = useState<LinkCode | null>(null);
  useLookAgain(code !== null);
  return (
    <section class="stack" aria-labelledby="guest-give">
      <h2 id="guest-give">{t("guest.give")}</h2>
      {code === null ? (
        <>
          <p class="small">{t("guest.give.text")}</p>
          <GetCode label={t("guest.get")} onCode={setCode} />
        </>
      ) : (
        <>
          <CodeCard other="express" code={code} onNew={setCode} />
          <CheckAgain />
        </>
      )}
      <ChatButton variant="text" label={t("help.chat")} />
    </section>
  );
}

function CheckAgain() {
  const [busy, setBusy] = useState(false);
  const look = () => {
    setBusy(true);
    meetAgain()
      .then((isSomebody) => toast(t(isSomebody ? "guest.done" : "guest.notyet")))
      .catch(() => toast(t("guest.notyet")))
      .finally(() => setBusy(false));
  };
  return (
    <div class="actions">
      <Button variant="secondary" busy={busy} onClick={look}>
        {t("guest.check")}
      </Button>
    </div>
  );
}

/** Coming back from eXpress, where the code was entered, is reason enough to look. */
function useLookAgain(isWaiting: boolean): void {
  useEffect(() => {
    if (!isWaiting) return;
    let wasVisible = host.visible.peek();
    return host.visible.subscribe((visible) => {
      if (visible && !wasVisible) void meetAgain().catch(() => null);
      wasVisible = visible;
    });
  }, [isWaiting]);
}

async function becomeSomebody({ session }: Linked): Promise<void> {
  if (session) await goOnWith(session);
  else await meetAgain();
  toast(t("guest.done"));
}
