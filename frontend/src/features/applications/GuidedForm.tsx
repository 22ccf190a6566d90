import { useEffect } from "preact/hooks";

import { current as entry } from "../../app/history";
import { Page } from "../../app/Page";
import { back, navigate, useRoute } from "../../app/router";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { StickyBar } from "../../ui/StickyBar";
import { FieldControl } from "./FieldControl";
import { isAnswered, type Field } from "./fields";
import type { Flow } from "./flow";
import { Summary } from "./FormBody";
import { FormNotices } from "./FormNotices";
import { checkPath, newPath } from "./paths";
import type { FormSession } from "./session";

/** E3g: one question per page, the h1 is the question; the number of steps follows the answers silently (ux B1). */
export function GuidedForm({ flow }: { flow: Flow }) {
  const { session, history, timezone } = flow;
  const { query } = useRoute();
  const steps = stepsOf(session.asked.value, query.get("q"));
  const index = Math.max(0, steps.findIndex((step) => step.name === query.get("q")));
  const field = steps[index];
  useResume(session);
  if (!field) return null;
  const marked = session.isMarked && session.messageOf(field.name) !== undefined;
  return (
    <Page key={field.name} title={field.question ?? field.label} class="with-bar" onBack={() => goBack(session, index, field.name)}
      step={t("form.step", { step: index + 1, total: steps.length + 1 })}
      lead={field.required ? undefined : <p class="small">{t("ui.optional")}</p>}
      titlePrefix={marked ? t("form.error.prefix") : undefined}>
      <FormNotices flow={flow} />
      <Summary session={session} from={1} only={field.name} />
      <FieldControl compact={false} {...{ session, field, history, timezone }} />
      <StickyBar>
        <Button wide onClick={() => goOn(session, field, query.get("then") === "check")}>
          {t("form.continue")}
        </Button>
      </StickyBar>
    </Page>
  );
}

/** Files that may as well be none are offered by the check, not asked for by a page of their own; it opens when wanted. */
function stepsOf(asked: Field[], wanted: string | null): Field[] {
  return asked.filter((field) => field.required || field.kind !== "file" || field.name === wanted);
}

/**
 * Answers of a draft are not asked again: the form opens at its first open question, or at its check. An entry without
 * a question never stays on the stack: Back would open the form anew instead of showing the first question.
 */
function useResume(session: FormSession): void {
  const { query } = useRoute();
  const isEntry = !query.has("q") && !query.has("d");
  useEffect(() => {
    const steps = session.asked.peek();
    if (!isEntry || steps.length === 0) return;
    const isBegun = steps.some((step) => isAnswered(session.answers.peek()[step.name]));
    const open = isBegun ? steps.find((step) => step.required && !isAnswered(session.answers.peek()[step.name])) : steps[0];
    navigate(open ? newPath(session.form.id, open.name) : checkPath(session.form.id), { replace: true, quiet: !isBegun });
  }, [isEntry]);
}

/** To the next question, or to the check; a question opened from the check goes back to it, unless it opened new ones. */
function goOn(session: FormSession, field: Field, fromCheck: boolean): void {
  if (!session.check([field.name])) return;
  const form = session.form.id;
  const steps = stepsOf(session.asked.peek(), field.name);
  const open = steps.find((step) => step.required && !isAnswered(session.answers.peek()[step.name]));
  const next = fromCheck ? open : steps[steps.findIndex((step) => step.name === field.name) + 1];
  if (next) navigate(newPath(form, next.name, fromCheck ? "check" : undefined), { replace: fromCheck });
  else if (fromCheck && before()?.startsWith(checkPath(form))) back();
  else navigate(checkPath(form), { replace: fromCheck });
}

/** One question back, answers kept; also where the draft was resumed in the middle and history has no page before. */
function goBack(session: FormSession, index: number, current: string): void {
  session.report([]);
  const previous = stepsOf(session.asked.peek(), current)[index - 1];
  if (!previous || before()?.startsWith("/new")) back();
  else navigate(newPath(session.form.id, previous.name), { replace: true });
}

function before(): string | undefined {
  return entry().trail.at(-2);
}
