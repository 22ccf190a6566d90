import { useEffect, useId } from "preact/hooks";

import type { Card as ApplicationCard, FormSummary, Period } from "../../api/types";
import { now, tick } from "../../app/clock";
import { invalidate } from "../../app/data";
import { formatDate, formatDeadline, formatMonthName, formatTime, t, zoneName } from "../../i18n";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Tag } from "../../ui/Tag";
import { newPath } from "../applications/paths";
import { Reminder } from "./Reminder";
import { filedIn, nextChange, periodState, type PeriodState } from "./period";

interface PeriodCardProps {
  form: FormSummary;
  periods: Period[];
  /** My newest applications: one of them may fill the limit. */
  cards: ApplicationCard[];
  /** One line of the form itself, such as «Заказ рейса — возможность, а не гарантия.» */
  note?: string | undefined;
}

/** The period and the one next action; every state of E2's table. */
export function PeriodCard({ form, periods, cards, note }: PeriodCardProps) {
  useRedrawAtChange(form.id, periods);
  const state = periodState(periods, now());
  const heading = useId();
  return (
    <Card labelledBy={heading}>
      <div class={`period ${state.kind}`}>
        <Head id={heading} state={state} />
        <Body form={form} state={state} cards={cards} note={note} />
      </div>
    </Card>
  );
}

function Head({ id, state }: { id: string; state: PeriodState }) {
  const { title, line } = words(state);
  return (
    <div class="period-head">
      <div>
        <h2 id={id}>{title}</h2>
        {line && <p class="small">{line}</p>}
      </div>
      <StateTag state={state} />
    </div>
  );
}

function StateTag({ state }: { state: PeriodState }) {
  if (state.kind === "blocked") return <Tag tone="warn" icon="warning">{t("home.blocked.tag")}</Tag>;
  if (state.kind === "open" || state.kind === "filed") return <Tag tone="ok">{t("home.open")}</Tag>;
  return <Tag icon="clock">{t("home.closed")}</Tag>;
}

function words(state: PeriodState): { title: string; line: string } {
  if (state.kind === "closed") return { title: t("home.closed.title"), line: nextSentence(state.next) };
  const title = t("home.period", { month: state.period.title });
  if (state.kind === "opens_today") return { title, line: "" };
  return { title, line: deadline(state.period, state.daysLeft) };
}

function deadline(period: Period, daysLeft: number): string {
  const moment = formatDeadline(period.closes_at, period.timezone);
  if (daysLeft <= 0) return t("home.deadline.today", { deadline: moment });
  return t("home.deadline", { deadline: moment, count: daysLeft });
}

function nextSentence(next: Period | null): string {
  if (!next) return t("home.closed.none");
  const opens = formatDeadline(next.opens_at, next.timezone);
  return t("home.closed.next", { opens, month: formatMonthName(next.target_from) });
}

function Body({ form, state, cards, note }: Omit<PeriodCardProps, "periods"> & { state: PeriodState }) {
  switch (state.kind) {
    case "open":
      return <OpenBody form={form} period={state.period} note={note} />;
    case "filed":
      return <FiledBody period={state.period} cards={cards} />;
    case "blocked":
      return <BlockedBody period={state.period} />;
    case "opens_today":
      return <p class="period-line">{opensToday(state.period)}</p>;
    case "closed":
      return state.next && <Reminder key={state.next.id} period={state.next} />;
  }
}

function OpenBody({ form, period, note = "" }: { form: FormSummary; period: Period; note?: string | undefined }) {
  const limit = t("home.limit", { count: period.limit, filed: period.filed });
  return (
    <>
      <ButtonLink href={newPath(form.id)} wide>
        {t("home.cta")}
      </ButtonLink>
      <p class="cap">{`${limit} ${note}`}</p>
    </>
  );
}

function FiledBody({ period, cards }: { period: Period; cards: ApplicationCard[] }) {
  const mine = filedIn(period, cards);
  const month = formatMonthName(period.target_from);
  if (!mine) {
    return (
      <>
        <p>{t("home.filed.unnamed", { month })}</p>
        <ButtonLink href="/all" wide>
          {t("home.filed.list")}
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <p>{t("home.filed", { month, title: mine.title })}</p>
      <div class="actions">
        <ButtonLink href={`/r/${mine.number}`}>{t("home.filed.open")}</ButtonLink>
        {mine.status === "submitted" && (
          <ButtonLink href={`/r/${mine.number}/edit`} variant="secondary">
            {t("home.filed.edit")}
          </ButtonLink>
        )}
      </div>
    </>
  );
}

function BlockedBody({ period }: { period: Period }) {
  const { reason = "", until = null } = period.blocked ?? {};
  const sentence = until
    ? t("home.blocked.until", { reason, day: formatDate(until) })
    : t("home.blocked", { reason });
  return (
    <>
      <p>{sentence}</p>
      <ButtonLink href="/help" variant="secondary">
        {t("home.blocked.ask")}
      </ButtonLink>
    </>
  );
}

function opensToday(period: Period): string {
  const zone = zoneName(new Date(period.opens_at), period.timezone);
  return t("home.opens.today", { time: formatTime(period.opens_at, period.timezone), zone });
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** At the very moment of opening or closing the card changes by itself and the server is asked again. */
function useRedrawAtChange(form: string, periods: Period[]): void {
  const change = nextChange(periods, now());
  const beat = tick.value;
  useEffect(() => {
    if (change === null) return;
    const wait = Math.min(change - now().getTime() + 250, LONGEST_TIMER_MS);
    const timer = setTimeout(() => {
      tick.value += 1;
      invalidate(`periods:${form}`);
    }, wait);
    return () => clearTimeout(timer);
  }, [change, form, beat]);
}
