import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";

import type { FormSummary, OwnStatistics, PublicStatistics } from "../../api/types";
import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { Link, navigate, useRoute } from "../../app/router";
import { formatDate, formatTime, locale, t } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { Skeleton } from "../../ui/Skeleton";
import { RefreshFailed } from "../home/RefreshFailed";
import { Pick } from "./Pick";
import { mayReadAll } from "./right";
import "./statistics.css";

/** E11: what I have asked for, what I was given, and what raises my chance. In words and numbers, no pies. */
export function StatisticsPage() {
  const { query } = useRoute();
  const info = useResource(data.info());
  const forms = info.data.value?.forms;
  if (!forms && info.error.value && !info.loading.value) {
    return <ErrorScreen error={info.error.value} onRetry={() => void info.refresh()} />;
  }
  const form = forms?.find(({ id }) => id === query.get("form")) ?? forms?.[0];
  return (
    <Page title={t("stats.title")} class="own" busy={!form}>
      {mayReadAll() && <ToDesk />}
      {forms && form && forms.length > 1 && <Forms forms={forms} form={form.id} />}
      {form ? <OfForm key={form.id} form={form.id} /> : <Waiting />}
    </Page>
  );
}

function ToDesk() {
  return (
    <ul class="list">
      <li>
        <Link class="list-link" href="/desk/statistics">
          <b>{t("stats.desk")}</b>
          <span class="cap">{t("stats.desk.note")}</span>
        </Link>
      </li>
    </ul>
  );
}

function Forms({ forms, form }: { forms: FormSummary[]; form: string }) {
  const options = forms.map(({ id, title }) => ({ code: id, name: title }));
  return <Pick name="form" label={t("stats.form")} options={options} value={form} onPick={(next) => navigate(`/statistics?form=${next}`, { replace: true, quiet: true })} />;
}

function Waiting() {
  return <Skeleton heights={[6.5, 14, 9]} />;
}

function OfForm({ form }: { form: string }) {
  const own = useResource(data.statistics(form));
  const known = own.data.value;
  return (
    <>
      <RefreshFailed of={[own]} />
      {known ? <Known own={known} /> : own.error.value === null && <Waiting />}
    </>
  );
}

function Known({ own }: { own: OwnStatistics }) {
  return (
    <>
      <Section title={t("stats.mine")}>
        {own.filed === 0 ? <p class="small">{t("stats.empty")}</p> : <Numbers own={own} />}
        <p class="cap">{t("net.stale", { time: formatTime(own.as_of) })}</p>
      </Section>
      {own.directions.length > 0 && <Directions own={own} />}
      {own.raises.length > 0 && (
        <Section title={t("stats.raises")}>
          <ul class="bullets">
            {own.raises.map((each) => (
              <li key={each}>{unbreak(each)}</li>
            ))}
          </ul>
        </Section>
      )}
      {own.public.period !== null && <Everybody known={own.public} period={own.public.period} />}
    </>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section aria-labelledby={id} class="stack tight">
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** A number and its word are one list item: «5 заявок подано». */
function Numbers({ own: { filed, approved, decision_days: days } }: { own: OwnStatistics }) {
  const shown = days === null ? null : Math.round(days * 10) / 10;
  const words = shown === null ? "—" : new Intl.NumberFormat(locale.value === "en" ? "en-GB" : "ru").format(shown);
  return (
    <ul class="numbers card">
      <li><b>{filed}</b> {t("stats.filed", { count: filed })}</li>
      <li><b>{approved}</b> {t("stats.approved", { count: approved })}</li>
      <li><b>{words}</b> {shown === null ? t("stats.days.none") : t("stats.days", { count: shown })}</li>
    </ul>
  );
}

function Directions({ own: { label, directions } }: { own: OwnStatistics }) {
  return (
    <Section title={label}>
      <ul class="list facts">
        {directions.map(({ code, label: name, filed, approved, last_date: last }) => (
          <li key={code}>
            <b>{name}</b>
            <span class="small">{t("stats.row", { filed, approved })}</span>
            <span class="cap">{last ? t("stats.last", { date: formatDate(last) }) : t("stats.last.none")}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The open period as everybody may see it; what would point at single people is only counted. */
function Everybody({ known: { total, rows, hidden }, period }: { known: PublicStatistics; period: string }) {
  return (
    <Section title={t("stats.public", { period })}>
      <p class="small">{total === null ? t("stats.public.few") : t("stats.public.total", { count: total })}</p>
      {rows.length > 0 && (
        <ul class="list facts">
          {rows.map(({ code, label, count }) => (
            <li key={code}>
              <b>{label}</b>
              <span>{count}</span>
            </li>
          ))}
        </ul>
      )}
      {total !== null && hidden > 0 && <p class="cap">{t("stats.public.hidden", { count: hidden })}</p>}
    </Section>
  );
}
