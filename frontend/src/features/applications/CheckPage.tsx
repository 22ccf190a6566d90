import { useEffect } from "preact/hooks";

import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Lazy } from "../../app/Lazy";
import { Page } from "../../app/Page";
import { Link, navigate, useRoute } from "../../app/router";
import { t } from "../../i18n";
import { Card, Details } from "../../ui/Card";
import "./applications.css";
import { AttachButton } from "./AttachButton";
import { isAnswered, shortLabel, valueText, type Field } from "./fields";
import { useFlow, useOpenForm, type Flow } from "./flow";
import { FormNotices } from "./FormNotices";
import { FormSkeleton } from "./NewPage";
import { newPath } from "./paths";
import { hasProfile } from "./rule";
import { submit } from "./send";
import { SendBar } from "./SendBar";
import type { FormSession } from "./session";
import { afterUploads } from "./waiting";
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
      <SendBar session={session} verb="send" label={t("form.send.plain")} onSend={() => send(session, period)} />
    </Page>
  );
}

function rowOf(session: FormSession, field: Field) {
  const label = shortLabel(field);
  return {
    key: field.name,
    label,
    value: valueOf(session, field),
    action: actionOf(session, field, label),
  };
}

/** The first file is attached right here. */
function actionOf(session: FormSession, field: Field, label: string) {
  const isEmpty = !isAnswered(session.answers.value[field.name]) && !session.uploads.value.fields.includes(field.name);
  if (field.kind === "file" && isEmpty) {
    return (
      <AttachButton class="link-btn" {...{ session, field }}>
        {field.texts?.add ?? t("form.add", { label })}
      </AttachButton>
    );
  }
  return (
    <Link class="link-btn" href={newPath(session.form.id, field.name, "check")}
      aria-label={t("form.check.editLabel", { label })}>
      {t("form.check.edit")}
    </Link>
  );
}

/** Files are named, with their state, and can be opened; of everything else the words are enough. */
function valueOf(session: FormSession, field: Field) {
  const words = valueText(field, session.answers.value[field.name]) ?? t("form.check.none");
  if (field.kind !== "file") return words;
  return <Lazy draw={({ FilesValue }) => <FilesValue session={session} field={field} />} meanwhile={words} />;
}

/** Something is still missing or wrong: its question opens, with the words about it. */
function send(session: FormSession, period: Flow["period"]): void {
  if (session.sending.peek()) return;
  if (!session.check()) openFirstProblem(session);
  else if (!afterUploads(session, () => send(session, period))) {
    void submit(session, period).then(() => openFirstProblem(session));
  }
}

function openFirstProblem(session: FormSession): void {
  const [first] = session.problems.peek();
  if (first) navigate(newPath(session.form.id, first.field, "check"));
}
