import { useEffect } from "preact/hooks";

import type { ApplicationView } from "../../api/types";
import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { navigate } from "../../app/router";
import { t } from "../../i18n";
import { Button, ButtonLink } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { AnswersCard } from "./AnswersCard";
import "./applications.css";
import { queuedNote } from "./ApplicationRow";
import { cancelQueued, delivered, useQueue, type QueuedItem } from "./queue";
import { justSent } from "./send";
import { History } from "./History";

/** E8, under the application's number; while it waits for the network, under its key. */
export function SentPage({ number }: { number: string }) {
  const waiting = useQueue().find((item) => item.client_key === number);
  const filed = delivered.value[number];
  useEffect(() => {
    if (filed) justSent.add(filed);
    if (filed) navigate(`/sent/${filed}`, { replace: true });
    else if (isNumber(number) && !justSent.has(number)) navigate(`/r/${number}`, { replace: true });
  }, [number, filed]);
  if (waiting) return <QueuedView item={waiting} />;
  if (justSent.has(number)) return <SentView number={number} />;
  return isNumber(number) || filed ? <SentSkeleton /> : <GoneView />;
}

function isNumber(text: string): boolean {
  return /^\d{4}-\d+$/.test(text);
}

function SentSkeleton() {
  return (
    <Page title={t("form.sent.title")} busy>
      <Skeleton heights={[8, 10, 8]} />
    </Page>
  );
}

function SentView({ number }: { number: string }) {
  const application = useResource(data.application(number));
  const view = application.data.value;
  if (!view) {
    if (application.error.value) return <ErrorScreen error={application.error.value} />;
    return <SentSkeleton />;
  }
  return (
    <Page title={t("form.sent.title")} class="hero-page" lead={<SentLead view={view} />}>
      <AnswersCard view={view} />
      <section aria-labelledby="next" class="stack tight">
        <h2 id="next">{t("form.sent.next")}</h2>
        <History view={view} />
      </section>
      <div class="stack tight">
        <ButtonLink href={`/r/${view.number}`} wide>
          {t("form.sent.open")}
        </ButtonLink>
        <ButtonLink href="/" variant="secondary" wide>
          {t("form.sent.home")}
        </ButtonLink>
      </div>
    </Page>
  );
}

function SentLead({ view }: { view: ApplicationView }) {
  return (
    <p>
      {t("form.sent.number")} <b class="nowrap">{view.number}</b>. {view.note && `${view.note}.`}
    </p>
  );
}

function QueuedView({ item }: { item: QueuedItem }) {
  const cancel = () => {
    cancelQueued(item.client_key);
    toast(t("form.queued.cancelled"));
    navigate("/");
  };
  return (
    <Page title={t("form.queued.title")} class="hero-page queued" lead={<p>{t("form.queued.lead")}</p>}>
      <p class="queued-what">
        <Icon name="cloudOff" />
        <span>
          <b>{item.title}</b>
          <br />
          <span class="small">{queuedNote(item)}</span>
        </span>
      </p>
      <div class="stack tight">
        <ButtonLink href="/" wide>
          {t("form.sent.home")}
        </ButtonLink>
        <Button variant="secondary" wide onClick={cancel}>
          {t("form.queued.cancel")}
        </Button>
      </div>
    </Page>
  );
}

/** The key of something that was sent or cancelled in another window. */
function GoneView() {
  return (
    <Page title={t("form.queued.gone")}>
      <p>{t("form.queued.goneText")}</p>
      <div class="actions">
        <ButtonLink href="/all">{t("form.refused.mine")}</ButtonLink>
        <ButtonLink href="/" variant="secondary">
          {t("form.sent.home")}
        </ButtonLink>
      </div>
    </Page>
  );
}
