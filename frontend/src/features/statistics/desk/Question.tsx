import { useId, useState } from "preact/hooks";

import type { QuestionsAnswer } from "../../../api/types";
import { t } from "../../../i18n";
import { unbreak } from "../../../i18n/typography";
import { Button } from "../../../ui/Button";
import { Chart } from "../../../ui/charts/Chart";
import { isEmpty, type Plot } from "../../../ui/charts/model";
import { PlotTable } from "../../../ui/charts/PlotTable";
import { toast } from "../../../ui/Toast";
import { Components } from "./Components";
import type { Kind } from "./files";
import { panelsOf, type Name, type Panel } from "./plots";

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
  const panels = panelsOf(name, answer, zone);
  const hasFigures = panels.some(({ plot }) => !isEmpty(plot));
  return (
    <section class={`card question ${name}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <figure>
        <figcaption>{unbreak(answer.questions[name].conclusion)}</figcaption>
        {name === "health" && <Components components={answer.questions.health.components} />}
        {hasFigures && panels.map((panel) => <Shown key={panel.title} panel={panel} title={title} asTable={asTable} />)}
      </figure>
      {hasFigures && (
        <div class="question-actions">
          <Button variant="text" aria-label={`${t(asTable ? "desk.chart" : "desk.table")}: ${title}`} onClick={() => setAsTable(!asTable)}>
            {t(asTable ? "desk.chart" : "desk.table")}
          </Button>
          <Download kind="csv" title={title} plots={panels.map(({ plot }) => plot)} />
          <Download kind="xlsx" title={title} plots={panels.map(({ plot }) => plot)} />
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

/** The table as a file; what makes one comes only when somebody wants it. */
function Download({ kind, title, plots }: { kind: Kind; title: string; plots: Plot[] }) {
  const word = t(kind === "csv" ? "desk.csv" : "desk.excel");
  const save = () => {
    import("./files")
      .then(({ saveFile }) => saveFile(kind, title, plots))
      .then(() => toast(t("desk.file.done")))
      .catch(() => toast(t("desk.file.failed")));
  };
  return (
    <Button variant="text" icon="download" aria-label={t("desk.file", { kind: word, title })} onClick={save}>
      {word}
    </Button>
  );
}
