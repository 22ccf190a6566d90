import { useEffect, useState } from "preact/hooks";

import type { Answers } from "../../api/types";
import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { navigate, useRoute } from "../../app/router";
import { t } from "../../i18n";
import { fieldId } from "../../ui/fields/frame";
import { Skeleton } from "../../ui/Skeleton";
import "./applications.css";
import { CompactForm } from "./CompactForm";
import { fieldOf, optionsFor } from "./fields";
import { useFlow, useOpenForm, type Flow } from "./flow";
import { GuidedForm } from "./GuidedForm";
import { ClosedPage } from "./ClosedPage";
import { newPath } from "./paths";
import { renderingOf } from "./rule";
import type { FormSession } from "./session";
import { isSimple } from "./simple";

/** E3: a new application of any form, on one page or one question per page (rule B1). */
export function NewPage() {
  const { query } = useRoute();
  const info = useResource(data.info());
  const forms = info.data.value?.forms;
  const formId = query.get("form") ?? forms?.[0]?.id;
  if (!formId) {
    if (info.error.value) return <ErrorScreen error={info.error.value} onRetry={() => void info.refresh()} />;
    return <FormSkeleton />;
  }
  const needsPeriod = forms?.find((form) => form.id === formId)?.has_period ?? false;
  return <NewForm key={formId} formId={formId} needsPeriod={needsPeriod} />;
}

export function FormSkeleton() {
  return (
    <Page title={t("form.title")} onBack busy>
      <Skeleton heights={[3, 6, 20]} />
    </Page>
  );
}

function NewForm({ formId, needsPeriod }: { formId: string; needsPeriod: boolean }) {
  const { flow, error, retry } = useFlow(formId);
  if (error) return <ErrorScreen error={error} onRetry={retry} />;
  if (!flow) return <FormSkeleton />;
  if (needsPeriod && !flow.period) return <ClosedPage />;
  return <OpenForm flow={flow} />;
}

/** The rendering is chosen when the form opens and stays: nothing changes shape under a finger. */
function OpenForm({ flow }: { flow: Flow }) {
  const { query } = useRoute();
  const [rendering] = useState(() => renderingFor(flow));
  useOpenForm(flow);
  useRepeat(flow.session, rendering === "compact");
  // a question opened from the check page is one question in both renderings
  if (rendering === "guided" || query.has("then")) return <GuidedForm flow={flow} />;
  return <CompactForm flow={flow} />;
}

function renderingFor({ session, me, cards }: Flow) {
  return renderingOf({
    form: session.form,
    known: me.profile as Answers,
    profileComplete: me.profile_complete,
    firstUse: cards.length === 0,
    simple: isSimple(),
    width: window.innerWidth,
  });
}

/** `?d=` from a repeat chip: the first choice that names the application is made, the calendar is next. */
function useRepeat(session: FormSession, compact: boolean): void {
  const { query } = useRoute();
  const code = query.get("d");
  useEffect(() => {
    if (code === null) return;
    const { form } = session;
    const field = form.summary.map((name) => fieldOf(form, name)).find((each) => each?.kind === "choice");
    const known = field && optionsFor(field, session.answers.peek()).some((option) => option.code === code);
    if (known) session.set(field.name, code);
    const month = known && compact && form.date_field ? document.getElementById(`${fieldId(form.date_field)}-month`) : null;
    navigate(newPath(form.id), { replace: true, quiet: month !== null });
    month?.focus();
  }, [code]);
}
