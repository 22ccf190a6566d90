import { Page } from "../../app/Page";
import { back, navigate } from "../../app/router";
import { formatDeadline, t } from "../../i18n";
import { isAnswered, summaryOf } from "./fields";
import type { Flow } from "./flow";
import { FormBody, Summary } from "./FormBody";
import { FormNotices } from "./FormNotices";
import { checkPath } from "./paths";
import { hasProfile, needsCheck } from "./rule";
import { submit } from "./send";
import { SendBar } from "./SendBar";
import type { FormSession } from "./session";
import { validateField } from "./validation";
import { afterUploads } from "./waiting";
import { WhoLine } from "./WhoLine";

/** E3: everything on one page; the only primary button repeats what will be sent. */
export function CompactForm({ flow }: { flow: Flow }) {
  const { session, period, history, timezone, me } = flow;
  const { form } = session;
  return (
    <Page title={form.texts.new ?? t("form.title")} onBack={back} class="with-bar"
      titlePrefix={session.isMarked ? t("form.error.prefix") : undefined} lead={<PeriodLine flow={flow} />}>
      <FormNotices flow={flow} />
      <Summary session={session} from={2} />
      {hasProfile(form) && <WhoLine me={me} />}
      <FormBody session={session} history={history} timezone={timezone} />
      <SendBar session={session} verb="send" label={buttonLabel(session)} onSend={() => send(session, period)} />
    </Page>
  );
}

export function PeriodLine({ flow: { period } }: { flow: Pick<Flow, "period"> }) {
  if (!period) return null;
  const deadline = formatDeadline(period.closes_at, period.timezone);
  return <p class="small">{t("form.period", { month: period.title, deadline })}</p>;
}

/** Pressed too early it leads to what is missing; it is never disabled (E3). */
function send(session: FormSession, period: Flow["period"]): void {
  if (session.sending.peek() || !session.check()) return;
  if (needsCheck(session.form, session.answers.peek())) navigate(checkPath(session.form.id));
  else if (!afterUploads(session, () => send(session, period))) void submit(session, period);
}

/** «Отправить: Сочи, 15 января»; while something is missing or no longer possible, what it is. */
function buttonLabel(session: FormSession): string {
  const { form, answers } = session;
  const isMissing = (name: string) => !isAnswered(answers.value[name]) || validateField(form, answers.value, name);
  const missing = form.summary.filter(isMissing);
  const first = session.asked.value.find((field) => missing.includes(field.name));
  if (first) return first.kind === "date" ? t("form.send.date") : t("form.send.plain");
  const summary = summaryOf(form, answers.value);
  if (needsCheck(form, answers.value)) return t("form.check.go", { summary });
  return form.texts.send?.replace("{summary}", summary) ?? t("form.send", { summary });
}
