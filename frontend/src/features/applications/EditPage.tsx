import { useEffect, useMemo } from "preact/hooks";

import type { ApplicationView, CompiledForm } from "../../api/types";
import { HOUSE_ZONE } from "../../app/clock";
import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { back, leaveFlow, route } from "../../app/router";
import { t } from "../../i18n";
import { ButtonLink } from "../../ui/Button";
import { Notice } from "../../ui/Card";
import { toast } from "../../ui/Toast";
import { ForeignPage } from "./ApplicationPage";
import "./applications.css";
import { EditCopy } from "./edits";
import { summaryOf } from "./fields";
import { FormBody, Summary } from "./FormBody";
import { RefusalNotice } from "./FormNotices";
import { historyOf } from "./past";
import { FormSkeleton } from "./NewPage";
import { SendBar } from "./SendBar";
import { useFormFor } from "./useFormFor";
import { afterUploads } from "./waiting";

/** E10: the same form with the values that were filed; what is typed stays on this device until it is saved. */
export function EditPage({ number }: { number: string }) {
  const application = useResource(data.application(number));
  const view = application.data.value;
  const error = application.error.value;
  const form = useFormFor(view);
  if (error && (error.status === 404 || error.status === 403)) return <ForeignPage />;
  if (view && form) return view.can.edit ? <Edit view={view} form={form} /> : <OverPage view={view} />;
  if (error && !view) return <ErrorScreen error={error} onRetry={() => void application.refresh()} />;
  return <FormSkeleton />;
}

function OverPage({ view }: { view: ApplicationView }) {
  return (
    <Page title={t("form.edit.title")} onBack>
      <p>{t("form.edit.over")}</p>
      <div class="actions">
        <ButtonLink href={`/r/${view.number}`}>{t("form.sent.open")}</ButtonLink>
      </div>
    </Page>
  );
}

function Edit({ view, form }: { view: ApplicationView; form: CompiledForm }) {
  const cards = useResource(data.recent()).data.value?.items ?? [];
  const copy = useMemo(() => new EditCopy(view, form), [view.number, form.id, form.version, form.locale]);
  const { session } = copy;
  useEffect(() => copy.meet(view), [copy, view.version]);
  const refusal = session.refusal.value;
  return (
    <Page title={t("form.edit.title")} onBack={back} class="with-bar"
      titlePrefix={session.isMarked ? t("form.error.prefix") : undefined}
      lead={<p class="small">{[t("form.number", { number: view.number }), t("form.edit.note")].join(". ")}</p>}>
      {refusal && <RefusalNotice refusal={refusal} attempt={session.attempt.value} />}
      {copy.conflict.value && <Notice tone="warn">{t("form.refused.changed")}</Notice>}
      <Summary session={session} from={2} />
      <FormBody session={session} history={historyOf(cards, view.form, view.number)}
        timezone={view.period?.timezone ?? HOUSE_ZONE} />
      <SendBar session={session} verb="save" label={label(copy)} onSend={() => void save(copy)} />
    </Page>
  );
}

function label({ session }: EditCopy): string {
  const { form, answers } = session;
  const summary = summaryOf(form, answers.value);
  if (!summary) return t("form.save.plain");
  return form.texts.save?.replace("{summary}", summary) ?? t("form.save", { summary });
}

async function save(copy: EditCopy): Promise<void> {
  if (!copy.session.sending.peek() && afterUploads(copy.session, () => void save(copy))) return;
  const outcome = await copy.save();
  if (outcome === "refused") return;
  toast(t(outcome === "saved" ? "form.edit.done" : "form.edit.nothing"));
  const page = `/r/${copy.number}/edit`;
  if (route.peek().path !== page) return;
  await leaveFlow(`/r/${copy.number}`, page);
  scrollTo(0, 0);
}
