import { useEffect } from "preact/hooks";

import { now } from "../../app/clock";
import { formatDeadline, t } from "../../i18n";
import { ButtonLink } from "../../ui/Button";
import { Notice } from "../../ui/Card";
import { filedFor } from "./past";
import type { Flow } from "./flow";
import type { Refusal } from "./drafts";
import { isQueued } from "./queued";
import { numberOf, refusalText } from "./refusals";

/** Everything that concerns the form as a whole, above its questions. */
export function FormNotices({ flow }: { flow: Flow }) {
  const { session, keeper } = flow;
  const refusal = session.refusal.value;
  const key = keeper.draft.value?.client_key;
  return (
    <>
      {refusal ? <RefusalNotice refusal={refusal} attempt={session.attempt.value} /> : <PeriodNotice flow={flow} />}
      {keeper.merged.value && <Notice tone="info">{t("form.merged")}</Notice>}
      {key && isQueued(key) && <Notice tone="warn">{t("form.queued.here")}</Notice>}
    </>
  );
}

/** The period is over or not yet there, or its limit is used up: said before the work, not after. */
function PeriodNotice({ flow: { period, cards, session } }: { flow: Flow }) {
  if (!period) return null;
  const moment = now().getTime();
  if (moment >= Date.parse(period.closes_at)) return <Notice tone="warn">{when("form.closed.over", period.closes_at, period.timezone)}</Notice>;
  if (moment < Date.parse(period.opens_at)) return <Notice tone="warn">{when("form.closed.opens", period.opens_at, period.timezone)}</Notice>;
  if (period.filed < period.limit) return null;
  const number = filedFor(cards, session.form.id, period)?.number;
  const extensions = { limit: period.limit, month: period.title, ...(number ? { number } : {}) };
  return <RefusalNotice refusal={{ code: "limit_reached", detail: "", errors: [], extensions }} attempt={0} />;
}

function when(key: "form.closed.over" | "form.closed.opens", iso: string, timezone: string): string {
  return t(key, { deadline: formatDeadline(iso, timezone) });
}

const NOTICE = "form-notice";

/** The server's "no" with its reason and the step that helps (ux rule 5). */
export function RefusalNotice({ refusal, attempt }: { refusal: Refusal; attempt: number }) {
  useEffect(() => {
    if (attempt > 0) document.getElementById(NOTICE)?.focus();
  }, [attempt, refusal]);
  return (
    <Notice tone={refusal.code === "limit_reached" ? "warn" : "bad"} id={NOTICE} title={titleOf(refusal)}>
      <p>{refusalText(refusal)}</p>
      <Steps refusal={refusal} />
    </Notice>
  );
}

function titleOf(refusal: Refusal): string | undefined {
  const number = numberOf(refusal);
  if (refusal.code === "limit_reached") {
    return number ? t("form.refused.limitNumber", { number }) : t("form.refused.limitTitle");
  }
  return refusal.code === "idempotency_key_reused" ? t("form.refused.reusedTitle") : undefined;
}

function Steps({ refusal }: { refusal: Refusal }) {
  const number = numberOf(refusal);
  switch (refusal.code) {
    case "limit_reached":
    case "idempotency_key_reused":
      return number ? <ExistingLinks number={number} /> : <Step href="/all" text={t("form.refused.mine")} />;
    case "period_closed":
    case "period_not_open":
      return <Step href="/" text={t("form.refused.home")} />;
    case "invalid_answers":
    case "personnel_number_taken":
      return <Step href="/profile" text={t("form.refused.profile")} />;
    default:
      return null;
  }
}

function ExistingLinks({ number }: { number: string }) {
  return (
    <div class="actions">
      <Step href={`/r/${number}`} text={t("form.refused.open")} />
      <Step href={`/r/${number}/edit`} text={t("form.refused.edit")} />
    </div>
  );
}

function Step({ href, text }: { href: string; text: string }) {
  return (
    <ButtonLink href={href} variant="secondary">
      {text}
    </ButtonLink>
  );
}
