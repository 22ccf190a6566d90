import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { navigate } from "../../app/router";
import { t } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { host } from "../../platform";
import { Button, ButtonLink } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import { Icon, type IconName } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { AnswersCard } from "./AnswersCard";
import "./applications.css";
import { queuedNote } from "./ApplicationRow";
import { cancelQueued, delivered, useQueue, type QueuedItem } from "./queue";
import { celebrated } from "./celebrated";
import { History } from "./History";

/** E8, under the application's number; while it waits for the network, under its key. */
export function SentPage({ number }: { number: string }) {
  const waiting = useQueue().find((item) => item.client_key === number);
  const filed = delivered.value[number];
  const target = targetOf(number, filed);
  useEffect(() => {
    if (target) navigate(target, { replace: true });
  }, [target]);
  if (waiting) return <QueuedView item={waiting} />;
  if (celebrated.get(number) === "now") return <SentView number={number} />;
  return isNumber(number) || filed ? <SentSkeleton /> : <GoneView />;
}

/** Where this address leads by now, when it is not this page: sent meanwhile, or celebrated before. */
function targetOf(number: string, filed: string | undefined): string | null {
  if (filed) return celebrated.get(filed) === "now" ? `/sent/${filed}` : `/r/${filed}`;
  return isNumber(number) && celebrated.get(number) !== "now" ? `/r/${number}` : null;
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
  useEffect(() => () => void celebrated.set(number, "before"), [number]);
  if (!view) {
    if (application.error.value) return <ErrorScreen error={application.error.value} />;
    return <SentSkeleton />;
  }
  return (
    <Page title={t("form.sent.title")} hideTitle>
      <Hero icon="check" title={t("form.sent.title")}>
        {t("form.sent.number")} <b class="nowrap">{view.number}</b>. {view.note && unbreak(`${view.note}.`)}
      </Hero>
      <AnswersCard view={view} label={t("form.sent.what")} />
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

/** The h1 is there for assistive tech; eyes get it with its sign and colour. */
function Hero({ icon, title, children }: { icon: IconName; title: string; children: ComponentChildren }) {
  return (
    <div class={`hero ${icon}`}>
      <Icon name={icon} />
      <p class="hero-title" aria-hidden="true">
        {title}
      </p>
      <p>{children}</p>
    </div>
  );
}

function QueuedView({ item }: { item: QueuedItem }) {
  const cancel = () => {
    cancelQueued(item.client_key);
    toast(t("form.queued.cancelled"));
    navigate("/");
  };
  return (
    <Page title={t("form.queued.title")} hideTitle>
      <Hero icon="cloudOff" title={t("form.queued.title")}>
        {t(host.online.value ? "form.queued.retry" : "form.queued.lead")}
      </Hero>
      <div>
        <p class="lab">{item.title}</p>
        <p class="small">{queuedNote(item)}</p>
      </div>
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
