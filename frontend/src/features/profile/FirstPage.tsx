import { useEffect } from "preact/hooks";

import type { CompiledForm, Me } from "../../api/types";
import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { useRoute } from "../../app/router";
import { t } from "../../i18n";
import { Skeleton } from "../../ui/Skeleton";
import { answers, openAnswers } from "./answers";
import { Confirm } from "./Confirm";
import { EditForm } from "./EditForm";
import { profileFields, useProfileForm } from "./fields";
import { Guided } from "./Guided";

/** E1: one confirmation when the staff list knows the person, one question per screen when it does not, and the same
 *  facts as one form once they are complete. */
export function FirstPage() {
  const me = useResource(data.me());
  const form = useProfileForm();
  const known = me.data.value;
  useEffect(() => {
    if (known && answers.peek() === null) void openAnswers(known);
  }, [known]);
  // What was begun stays on the device; the next person on it starts from their own facts.
  useEffect(() => () => void (answers.value = null), []);
  if (me.error.value && !known) return <ErrorScreen error={me.error.value} onRetry={() => void me.refresh()} />;
  if (!known || !form || !answers.value) {
    return (
      <Page title={t("first.edit.title")} busy>
        <Skeleton heights={[4, 4, 4, 4]} />
      </Page>
    );
  }
  return <Chosen me={known} form={form} />;
}

function Chosen({ me, form }: { me: Me; form: CompiledForm }) {
  const { query } = useRoute();
  const fields = profileFields(form);
  const step = query.get("step");
  if (me.profile_complete && !step) return <EditForm form={form} fields={fields} />;
  const all = fields.every(({ name, required }) => !required || me.suggestion?.[name as keyof Me["profile"]]);
  if (me.staff_match && all && !step) return <Confirm form={form} fields={fields} />;
  return <Guided form={form} fields={fields} step={step} />;
}
