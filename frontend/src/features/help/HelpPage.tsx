import type { FormSummary, Period } from "../../api/types";
import { ChatButton } from "../../app/ChatButton";
import { now } from "../../app/clock";
import { config } from "../../app/config";
import { data, useResource } from "../../app/data";
import { Page } from "../../app/Page";
import { formatDate, formatDayShort, formatDeadline, formatRange, t } from "../../i18n";
import { Card } from "../../ui/Card";
import { Skeleton } from "../../ui/Skeleton";
import { periodState } from "../home/period";

const questions = [1, 2, 3, 4, 5, 6] as const;

/** E13: six questions, the rules of this period, whom to ask. Works without a server: only the rules need one. */
export function HelpPage() {
  const asked = useResource(data.info());
  const info = asked.data.value;
  const contact = info?.app.contact ?? config.contact;
  return (
    <Page title={t("help.title")} onBack={true} help={false}>
      <section aria-labelledby="questions" class="stack tight">
        <h2 id="questions">{t("help.questions")}</h2>
        <div class="list">
          {questions.map((number) => (
            <details key={number} class="fold">
              <summary>{t(`help.q${number}`)}</summary>
              <p>{t(`help.a${number}`)}</p>
            </details>
          ))}
        </div>
      </section>
      {!info && !asked.error.value && <RulesSkeleton />}
      {info?.forms.map((form) => form.has_period && <Rules key={form.id} form={form} />)}
      <section aria-labelledby="contact" class="stack tight">
        <h2 id="contact">{t("help.contact")}</h2>
        {contact ? <Contact text={contact} /> : <p>{t("help.contact.none")}</p>}
        <ChatButton label={t("help.chat")} />
      </section>
    </Page>
  );
}

function RulesSkeleton() {
  return <Skeleton heights={[19]} />;
}

function Rules({ form }: { form: FormSummary }) {
  const asked = useResource(data.periods(form.id));
  const rule = useResource(data.form(form.id)).data.value?.form.texts.rule;
  const periods = asked.data.value?.periods;
  if (!periods) return asked.error.value ? null : <RulesSkeleton />;
  const state = periodState(periods, now());
  const period = state.kind === "closed" ? state.next : state.period;
  return (
    <Card labelledBy="rules">
      <div class="stack tight">
        <h2 id="rules">{t("help.rules")}</h2>
        {period ? <PeriodRules period={period} /> : <p>{t("help.rules.none")}</p>}
        {rule && <p class="small">{rule}</p>}
      </div>
    </Card>
  );
}

function PeriodRules({ period }: { period: Period }) {
  const moment = (iso: string) => formatDeadline(iso, period.timezone);
  return (
    <ul class="bullets">
      <li>
        {t("help.rules.window", {
          month: period.title,
          opens: moment(period.opens_at),
          closes: moment(period.closes_at),
        })}
      </li>
      <li>{t("help.rules.limit", { count: period.limit })}</li>
      <li>{t("help.rules.target", { from: formatDayShort(period.target_from), to: formatDate(period.target_to) })}</li>
      {period.excluded.map((range) => (
        <li key={range.from}>{`${formatRange(range.from, range.to)}: ${range.text}`}</li>
      ))}
      {period.decision_due_at && <li>{t("help.rules.decision", { deadline: moment(period.decision_due_at) })}</li>}
    </ul>
  );
}

/** An address or a telephone number opens what it names; any other contact is plain words. */
function Contact({ text }: { text: string }) {
  const mail = /^\S+@\S+\.\S+$/.test(text);
  const phone = /^\+?[\d\s()-]{7,}$/.test(text);
  if (mail) return <a class="contact" href={`mailto:${text}`}>{text}</a>;
  if (phone) return <a class="contact" href={`tel:${text.replace(/[^\d+]/g, "")}`}>{text}</a>;
  return <p>{text}</p>;
}
