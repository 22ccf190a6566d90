import { useId, useState } from "preact/hooks";

import { desk } from "../../../api/desk";
import type { AskFile, QuestionsAnswer } from "../../../api/types";
import { sentence } from "../../../app/failure";
import { t } from "../../../i18n";
import { unbreak } from "../../../i18n/typography";
import { Button } from "../../../ui/Button";
import { Chart } from "../../../ui/charts/Chart";
import { isEmpty } from "../../../ui/charts/model";
import { PlotTable } from "../../../ui/charts/PlotTable";
import { toast } from "../../../ui/Toast";
import { newKey } from "../../applications/keys";
import { openLink } from "../../files/opening";
import { Components } from "./Components";
import { shownOf } from "./compare";
import type { Name, Panel } from "./plots";

interface QuestionProps {
  name: Name;
  answer: QuestionsAnswer;
  zone?: string | undefined;
}

/** One question: what follows from the figures in a sentence, and the figures as a chart or as a table. */
export function Question({ name, answer, zone }: QuestionProps) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const title = t(`desk.${name}`);
  const panels = shownOf(name, answer, zone);
  const hasFigures = panels.some(({ plot }) => !isEmpty(plot));
  return (
    <section class={`card question ${name}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <figure>
        <figcaption>
          {unbreak(answer.questions[name].conclusion)}
          <Before name={name} answer={answer} />
        </figcaption>
        {name === "health" && <Components components={answer.questions.health.components} />}
        {hasFigures && panels.map((panel) => <Shown key={panel.title} panel={panel} title={title} asTable={asTable} />)}
      </figure>
      {hasFigures && (
        <div class="question-actions">
          <Button variant="text" aria-label={`${t(asTable ? "desk.chart" : "desk.table")}: ${title}`} onClick={() => setAsTable(!asTable)}>
            {t(asTable ? "desk.chart" : "desk.table")}
          </Button>
          <Download type="csv" title={title} name={name} answer={answer} />
          <Download type="xlsx" title={title} name={name} answer={answer} />
        </div>
      )}
    </section>
  );
}

function Shown({ panel: { title, plot, draw }, title: question, asTable }: { panel: Panel; title: string; asTable: boolean }) {
  const name = title ? `${question} ${title}` : question;
  return (
    <div class="panel">
      {title && <h3>{title}</h3>}
      {asTable ? <PlotTable plot={plot} name={name} /> : <Chart plot={plot} name={name} draw={draw} />}
    </div>
  );
}

/** What followed from the figures of the time before. */
function Before({ name, answer: { previous } }: { name: Name; answer: QuestionsAnswer }) {
  if (!previous || !(name in previous.questions)) return null;
  const { conclusion } = previous.questions[name as keyof typeof previous.questions];
  return <span class="before">{unbreak(t("desk.before", { period: previous.period.title, conclusion }))}</span>;
}

interface DownloadProps {
  type: AskFile["type"];
  title: string;
  name: Name;
  answer: QuestionsAnswer;
}

/** The same figures as a file of the server's: whoever takes figures along is written down there. */
function Download({ type, title, name, answer }: DownloadProps) {
  const [busy, setBusy] = useState(false);
  const word = t(type === "csv" ? "desk.csv" : "desk.excel");
  const ask: AskFile = { form: answer.form, period: answer.period.id ?? undefined, compare: answer.previous ? "previous" : undefined, question: name, type };
  const save = () => {
    if (busy) return;
    setBusy(true);
    desk.file(ask, newKey()).then(({ url }) => openLink(url)).catch((failure: unknown) => toast(sentence(failure))).finally(() => setBusy(false));
  };
  return (
    <Button variant="text" icon="download" busy={busy} aria-label={t("desk.file", { kind: word, title })} onClick={save}>
      {word}
    </Button>
  );
}
