import { useRef } from "preact/hooks";

import { desk } from "../../../api/desk";
import type { QuestionsAnswer } from "../../../api/types";
import { data, resource, useResource, type Resource } from "../../../app/data";
import { ErrorScreen } from "../../../app/ErrorScreen";
import { Page } from "../../../app/Page";
import { navigate, useRoute } from "../../../app/router";
import { formatTime, t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Skeleton } from "../../../ui/Skeleton";
import { RefreshFailed } from "../../home/RefreshFailed";
import { Pick } from "../Pick";
import { mayReadAll } from "../right";
import "../statistics.css";
import { Forbidden } from "./Forbidden";
import { NAMES } from "./plots";
import { Question } from "./Question";

const PREVIOUS = "previous";

/** B10: eight questions about one period, each with its answer in a sentence and the figures behind it. */
export function DeskPage() {
  return mayReadAll() ? <Statistics /> : <Forbidden />;
}

function Statistics() {
  const { query } = useRoute();
  const info = useResource(data.info());
  const forms = info.data.value?.forms ?? [];
  const form = forms.find(({ id }) => id === query.get("form")) ?? forms[0];
  const period = Number(query.get("period")) || undefined;
  const compare = query.get("compare") === PREVIOUS ? PREVIOUS : undefined;
  const name = `desk:${form?.id ?? ""}:${String(period ?? "")}${compare ? `:${compare}` : ""}`;
  const wanted = form ? resource(name, () => desk.questions(form.id, period, compare)) : null;
  const asked = useResource(wanted);
  const answer = asked.data.value;
  const failed = info.error.value ?? asked.error.value;
  if (!answer && failed && !asked.loading.value) return <ErrorScreen error={failed} onRetry={() => void (form ? asked : info).refresh()} />;
  return (
    <Page title={t("desk.title")} class="desk" onBack busy={!answer}>
      <RefreshFailed of={[asked]} />
      <Top forms={forms.map(({ id, title }) => ({ code: id, name: title }))} form={form?.id ?? ""} asked={asked} />
      {answer ? <Answers answer={answer} /> : <Waiting />}
    </Page>
  );
}

interface TopProps {
  forms: { code: string; name: string }[];
  form: string;
  asked: Resource<QuestionsAnswer>;
}

/** What the figures are about, and how fresh they are. The choice stays on the screen while the next period is fetched. */
function Top({ forms, form, asked }: TopProps) {
  const { query } = useRoute();
  const answer = asked.data.value;
  const last = useRef(answer);
  last.current = answer ?? last.current;
  const periods = last.current?.form === form ? last.current.periods.filter(({ id }) => id !== null) : [];
  const chosen = answer?.period.id ?? query.get("period") ?? "";
  const go = (change: Record<string, string>) => {
    const next = { form, period: query.get("period") ?? "", compare: query.get("compare") ?? "", ...change };
    const known = Object.entries(next).filter(([, value]) => value !== "");
    navigate(`/desk/statistics?${new URLSearchParams(known).toString()}`, { replace: true, quiet: true });
  };
  return (
    <div class="desk-top">
      {forms.length > 1 && <Pick name="form" label={t("desk.form")} options={forms} value={form} onPick={(next) => go({ form: next, period: "" })} />}
      {periods.length > 0 && (
        <Pick name="period" label={t("desk.period")} options={periods.map(({ id, title }) => ({ code: String(id), name: title }))} value={String(chosen)}
          onPick={(next) => go({ period: next })} />
      )}
      <Pick name="compare" label={t("desk.compare")} options={[{ code: "", name: t("desk.compare.none") }, { code: PREVIOUS, name: t("desk.compare.previous") }]}
        value={query.get("compare") ?? ""} onPick={(next) => go({ compare: next })} />
      <p class="small" role="status">{answer && summary(answer, query.get("compare") === PREVIOUS)}</p>
      <Button variant="secondary" busy={asked.loading.value} onClick={() => void asked.refresh()}>{t("desk.refresh")}</Button>
    </div>
  );
}

function summary({ people, as_of: at, previous }: QuestionsAnswer, isCompared: boolean): string {
  const now = t("desk.summary", { count: people, time: formatTime(at) });
  if (!isCompared) return now;
  return `${now} ${previous ? t("desk.summary.before", { count: previous.people, period: previous.period.title }) : t("desk.compare.nothing")}`;
}

/** As high as the charts are: the first screenful stays where it is. */
function Waiting() {
  return <div class="questions waiting"><Skeleton heights={[24, 24, 24, 24]} /></div>;
}

function Answers({ answer }: { answer: QuestionsAnswer }) {
  const periods = useResource(data.periods(answer.form)).data.value?.periods ?? [];
  const zone = periods.find(({ id }) => id === answer.period.id)?.timezone ?? periods[0]?.timezone;
  return (
    <div class="questions">
      {NAMES.map((name) => (
        <Question key={`${name}-${answer.period.from}`} name={name} answer={answer} zone={zone} />
      ))}
    </div>
  );
}
