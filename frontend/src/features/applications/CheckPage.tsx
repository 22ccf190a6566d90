import { useEffect } from "preact/hooks";

import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { Link, navigate, useRoute } from "../../app/router";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Card, Details } from "../../ui/Card";
import { StickyBar } from "../../ui/StickyBar";
import "./applications.css";
import { isAnswered, shortLabel, valueText, type Field } from "./fields";
import { useFlow, useOpenForm, type Flow } from "./flow";
import { FormNotices } from "./FormNotices";
import { FormSkeleton } from "./NewPage";
import { newPath } from "./paths";
import { hasProfile } from "./rule";
import { submit } from "./send";
import type { FormSession } from "./session";
import { WhoLine } from "./WhoLine";

/** E7: read before sending; changing an answer comes back here. */
export function CheckPage() {
  const { query } = useRoute();
  const info = useResource(data.info());
  const formId = query.get("form") ?? info.data.value?.forms[0]?.id;
  return formId ? <CheckForm key={formId} formId={formId} /> : <FormSkeleton />;
}

function CheckForm({ formId }: { formId: string }) {
  const { flow, error, retry } = useFlow(formId);
  if (error) return <ErrorScreen error={error} onRetry={retry} />;
  return flow ? <Check flow={flow} /> : <FormSkeleton />;
}

function Check({ flow }: { flow: Flow }) {
  const { session, period, me } = flow;
  const { form } = session;
  const asked = session.asked.value;
  const isEmpty = !asked.some((field) => isAnswered(session.answers.value[field.name]));
  useOpenForm(flow);
  useEffect(() => {
    if (isEmpty && !session.sending.peek()) navigate(newPath(form.id), { replace: true });
  }, [isEmpty]);
  return (
    <Page title={t("form.check.title")} onBack class="with-bar">
      <FormNotices flow={flow} />
      {hasProfile(form) && !session.source.withProfile.value && <WhoLine me={me} />}
      <Card label={t("form.sent.what")}>
        <Details rows={asked.map((field) => rowOf(session, field))} />
      </Card>
      {form.texts.rule && <p class="small">{form.texts.rule}</p>}
      <StickyBar>
        <Button wide busy={session.sending.value} onClick={() => send(session, period)}>
          {session.sending.value ? t("form.sending") : t("form.send.plain")}
        </Button>
      </StickyBar>
    </Page>
  );
}

function rowOf(session: FormSession, field: Field) {
  const label = shortLabel(field);
  return {
    key: field.name,
    label,
    value: valueText(field, session.answers.value[field.name]) ?? t("form.check.none"),
    action: (
      <Link class="link-btn" href={newPath(session.form.id, field.name, "check")}
        aria-label={t("form.check.editLabel", { label })}>
        {t("form.check.edit")}
      </Link>
    ),
  };
}

/** Something is still missing or wrong: its question opens, with the words about it. */
function send(session: FormSession, period: Flow["period"]): void {
  if (session.sending.peek()) return;
  if (session.check()) void submit(session, period).then(() => openFirstProblem(session));
  else openFirstProblem(session);
}

function openFirstProblem(session: FormSession): void {
  const [first] = session.problems.peek();
  if (first) navigate(newPath(session.form.id, first.field, "check"));
}
