import { useEffect } from "preact/hooks";

import { api } from "../../api/client";
import type { ApplicationView } from "../../api/types";
import { data, invalidate, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { HelpLink, Page } from "../../app/Page";
import { back } from "../../app/router";
import { formatDeadline, t } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { ButtonLink } from "../../ui/Button";
import { Notice, type Tone } from "../../ui/Card";
import { ErrorPage } from "../../ui/ErrorPage";
import { Skeleton } from "../../ui/Skeleton";
import { StatusTag } from "../../ui/Tag";
import { FilesSection } from "../files/FilesSection";
import { Actions } from "./Actions";
import { AnswersCard } from "./AnswersCard";
import "./applications.css";
import { AskBlock } from "./AskBlock";
import { History } from "./History";
import { Offer } from "./OfferCard";
import { Question } from "./QuestionCard";
import type { Saying } from "./saying";
import { useSaying } from "./useSaying";

/** E9: one application, its decision with the reason, its history, and what can be done. */
export function ApplicationPage({ number }: { number: string }) {
  const application = useResource(data.application(number));
  const view = application.data.value;
  const error = application.error.value;
  if (error && (error.status === 404 || error.status === 403)) return <ForeignPage />;
  if (view) return <Application view={view} />;
  if (error) return <ErrorScreen error={error} onRetry={() => void application.refresh()} />;
  return (
    <Page title={t("form.number", { number })} onBack busy>
      <Skeleton heights={[6, 10, 12]} />
    </Page>
  );
}

/** Of others or not there at all: the same words, so that nothing is learnt from them (ux B8). */
export function ForeignPage() {
  const action = (
    <div class="actions">
      <ButtonLink href="/all">{t("form.foreign.list")}</ButtonLink>
    </div>
  );
  const title = t("form.foreign.title");
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main id="content" class="page">
      <div class="page-top">
        <HelpLink />
      </div>
      <ErrorPage title={title} text={t("form.foreign.text")} code="EB-0404" action={action} />
    </main>
  );
}

function Application({ view }: { view: ApplicationView }) {
  const { files = [] } = view;
  const asking = useSaying(`ask:${view.number}`);
  useSeen(view);
  return (
    <Page title={unbreak(view.title)} onBack={back} lead={<Lead view={view} />}>
      <Question view={view} />
      <Offer view={view} />
      <Decision view={view} asking={asking} />
      {view.withdrawal_requested_at && <Notice tone="warn">{t("form.view.requested")}</Notice>}
      <section aria-labelledby="what" class="stack tight">
        <h2 id="what">{t("form.view.what")}</h2>
        <AnswersCard view={view} withoutFiles={files.length > 0} />
      </section>
      <FilesSection views={files} />
      <section aria-labelledby="history" class="stack tight">
        <h2 id="history">{t("form.view.history")}</h2>
        <History view={view} />
      </section>
      <Actions view={view} asking={asking} />
    </Page>
  );
}

function Lead({ view }: { view: ApplicationView }) {
  const until = view.can.edit && view.can.until && view.period;
  return (
    <div class="stack tight lead">
      <p class="small">{[t("form.number", { number: view.number }), view.form_title].join(" · ")}</p>
      <StatusTag status={view.status} label={view.status_label} />
      {!view.decision && !view.withdrawal_requested_at && view.note && <p>{unbreak(view.note)}</p>}
      {until && (
        <p class="small">{t("form.view.until", { deadline: formatDeadline(view.can.until ?? "", until.timezone) })}</p>
      )}
    </div>
  );
}

const TONES: Partial<Record<string, Tone>> = { approved: "ok", completed: "ok", waitlisted: "reserve", rejected: "bad", revoked: "bad" };

/** Always a reason in words (ux rule 5). */
function Decision({ view, asking }: { view: ApplicationView; asking: Saying }) {
  if (!view.decision) return null;
  return (
    <section aria-labelledby="decision" class="stack tight">
      <h2 id="decision">{t("form.view.decision")}</h2>
      <Notice tone={TONES[view.status] ?? "info"} title={view.status_label}>
        {view.decision.reason && <p>{unbreak(view.decision.reason)}</p>}
        {view.note && view.note !== view.decision.reason && <p>{view.note}</p>}
      </Notice>
      {view.can.ask && <AskBlock view={view} saying={asking} label={t("talk.ask")} />}
    </section>
  );
}

/** Opening it is reading it: the badge and the bold row go. */
function useSeen(view: ApplicationView): void {
  useEffect(() => {
    if (view.seen) return;
    void api.seen(view.number).then(
      () => invalidate("applications:", "info", `application:${view.number}`),
      () => undefined,
    );
  }, [view.number, view.seen]);
}
