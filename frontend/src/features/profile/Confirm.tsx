import { useState } from "preact/hooks";

import type { CompiledForm, FormField } from "../../api/types";
import { Page } from "../../app/Page";
import { navigate } from "../../app/router";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Card, Details } from "../../ui/Card";
import { answers, refused, saveProfile } from "./answers";
import { wordsOf } from "./fields";
import { finishFirstTime } from "./finish";
import { SaveFailed } from "./SaveFailed";

/** «Проверьте данные»: the staff list knows everything, one press confirms it. */
export function Confirm({ fields }: { form: CompiledForm; fields: FormField[] }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const known = answers.value ?? {};
  const confirm = () => {
    setBusy(true);
    setError(null);
    saveProfile(known)
      .then(finishFirstTime)
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Page title={t("first.check")} lead={<p class="small">{t("first.check.lead")}</p>}>
      {error !== null && <SaveFailed error={error} details={Object.values(refused.value)} />}
      <Card>
        <Details rows={fields.map((field) => ({ key: field.name, label: field.label, value: wordsOf(field, known[field.name]) }))} />
      </Card>
      <div class="actions">
        <Button busy={busy} onClick={confirm}>
          {busy ? t("app.saving") : t("first.right")}
        </Button>
        <Button variant="secondary" onClick={() => navigate(`/profile?step=${fields[0]?.name ?? ""}`)}>
          {t("first.fix")}
        </Button>
      </div>
    </Page>
  );
}
