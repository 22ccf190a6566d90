import { useState } from "preact/hooks";

import type { CompiledForm, FormField } from "../../api/types";
import { Page } from "../../app/Page";
import { isRoot, navigate } from "../../app/router";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { focusField } from "../../ui/ErrorSummary";
import { answer, answers, refused, saveProfile, saveWhoIAm } from "./answers";
import { afterLeaving, isAnswered, problemOf } from "./check";
import { NAME, NUMBER } from "./fields";
import { finishFirstTime } from "./finish";
import { IsItYou } from "./IsItYou";
import { ProfileField } from "./ProfileField";
import { SaveFailed } from "./SaveFailed";

interface GuidedProps {
  form: CompiledForm;
  fields: FormField[];
  step: string | null;
}

/** One question per screen; Back goes one question back with the answers kept. */
export function Guided({ form, fields, step }: GuidedProps) {
  const index = Math.max(0, fields.findIndex((field) => field.name === step));
  const field = fields[index];
  if (!field) return null;
  return <Question key={field.name} form={form} fields={fields} field={field} index={index} />;
}

function Question({ form, fields, field, index }: { form: CompiledForm; fields: FormField[]; field: FormField; index: number }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [correcting, setCorrecting] = useState(false);
  const known = answers.value ?? {};
  const error = problem ?? refused.value[field.name] ?? null;
  const asksWhoYouAre = field.name === NAME && isAnswered(known, NAME) && !correcting && !error;

  const change = (value: Parameters<typeof answer>[2]) => {
    answer(fields, field.name, value);
    if (problem) setProblem(problemOf(form, field, answers.peek() ?? {}));
  };
  const leave = () =>
    afterLeaving(() => setProblem(isAnswered(known, field.name) ? problemOf(form, field, answers.peek() ?? {}) : null));
  const proceed = async () => {
    const found = problemOf(form, field, answers.peek() ?? {});
    setProblem(found);
    if (found) return focusField(`f-${field.name}`);
    const next = fields[index + 1];
    if (field.name === NUMBER && next && (await saveWhoIAm())) return finishFirstTime();
    if (next) return navigate(`/profile?step=${next.name}`);
    await saveProfile(answers.peek() ?? {});
    await finishFirstTime();
  };
  const send = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailed(null);
    proceed()
      .catch((failure: unknown) => {
        setFailed(failure);
        goToRefused(fields, field);
      })
      .finally(() => setBusy(false));
  };

  const correct = () => {
    setCorrecting(true);
    setTimeout(() => focusField(`f-${field.name}`));
  };

  const title = asksWhoYouAre ? t("first.isItYou") : (field.question ?? field.label);
  const total = fields.length;
  return (
    <Page
      title={title}
      step={t("first.step", { step: index + 1, total })}
      onBack={index > 0 && !isRoot.value ? true : undefined}
      titlePrefix={error ? t("first.error.prefix") : undefined}
    >
      <form class="stack" noValidate onSubmit={send}>
        {failed !== null && !error && <SaveFailed error={failed} />}
        {asksWhoYouAre ? (
          <IsItYou fields={fields} answers={known} />
        ) : (
          <ProfileField field={field} answers={known} error={error} hideLabel onChange={change} onBlur={leave} />
        )}
        <div class="actions">
          <Button type="submit" busy={busy}>
            {label(asksWhoYouAre, index === total - 1, busy)}
          </Button>
          {asksWhoYouAre && (
            <Button variant="secondary" onClick={correct}>
              {t("first.fix")}
            </Button>
          )}
        </div>
      </form>
    </Page>
  );
}

function label(asksWhoYouAre: boolean, last: boolean, busy: boolean): string {
  if (asksWhoYouAre) return t("first.yes");
  if (last) return busy ? t("app.saving") : t("app.save");
  return t("app.continue");
}

/** The server refused an answer of an earlier screen: go there, its message stands beside the field. */
function goToRefused(fields: FormField[], here: FormField): void {
  const wrong = fields.find((field) => refused.peek()[field.name]);
  if (wrong && wrong !== here) navigate(`/profile?step=${wrong.name}`);
}
