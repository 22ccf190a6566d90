import { useState } from "preact/hooks";

import type { AnswerValue, CompiledForm, FormField } from "../../api/types";
import { Page } from "../../app/Page";
import { back } from "../../app/router";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { ErrorSummary, focusField } from "../../ui/ErrorSummary";
import { toast } from "../../ui/Toast";
import { answer, answers, refused, saveProfile } from "./answers";
import { afterLeaving, isAnswered, problemOf } from "./check";
import { ProfileField } from "./ProfileField";
import { SaveFailed } from "./SaveFailed";

/** All facts on one page, for whoever has them complete already. */
export function EditForm({ form, fields }: { form: CompiledForm; fields: FormField[] }) {
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [stamp, setStamp] = useState(0);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const known = answers.value ?? {};
  const errors = { ...refused.value, ...problems };

  const judge = (field: FormField) => {
    const { [field.name]: _old, ...others } = problems;
    const found = problemOf(form, field, answers.peek() ?? {});
    setProblems(found ? { ...others, [field.name]: found } : others);
  };
  const change = (field: FormField, value: AnswerValue) => {
    answer(fields, field.name, value);
    if (errors[field.name]) judge(field);
  };
  /** One problem: straight to its field. More: the summary, which takes the focus itself (ux.md B4). */
  const pointAt = (names: string[]) => {
    setStamp(stamp + 1);
    if (names.length === 1) focusField(`f-${names[0] ?? ""}`);
  };
  const send = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const found = allProblems(form, fields);
    setProblems(found);
    if (Object.keys(found).length > 0) return pointAt(Object.keys(found));
    setBusy(true);
    setFailed(null);
    saveProfile(known)
      .then(() => {
        toast(t("first.saved"));
        back();
      })
      .catch((failure: unknown) => {
        setFailed(failure);
        pointAt(Object.keys(refused.peek()));
      })
      .finally(() => setBusy(false));
  };

  const items = fields.flatMap(({ name }) => (errors[name] ? [{ target: `f-${name}`, message: errors[name] }] : []));
  return (
    <Page
      title={t("first.edit.title")}
      onBack={true}
      titlePrefix={items.length > 0 ? t("first.error.prefix") : undefined}
      lead={<p class="small">{t("first.edit.lead")}</p>}
    >
      {items.length > 1 && <ErrorSummary items={items} stamp={stamp} />}
      {failed !== null && items.length === 0 && <SaveFailed error={failed} />}
      <form class="stack" noValidate onSubmit={send}>
        {fields.map((field) => (
          <ProfileField
            key={field.name}
            field={field}
            answers={known}
            error={errors[field.name] ?? null}
            onChange={(value) => change(field, value)}
            onBlur={() => afterLeaving(() => isAnswered(known, field.name) && judge(field))}
          />
        ))}
        <div class="actions">
          <Button type="submit" busy={busy}>
            {busy ? t("app.saving") : t("app.save")}
          </Button>
        </div>
      </form>
    </Page>
  );
}

function allProblems(form: CompiledForm, fields: FormField[]): Record<string, string> {
  const known = answers.peek() ?? {};
  const found = fields.map((field) => [field.name, problemOf(form, field, known)] as const);
  return Object.fromEntries(found.filter((pair): pair is readonly [string, string] => pair[1] !== null));
}
