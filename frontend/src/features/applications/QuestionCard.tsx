import { useId, useRef, useState } from "preact/hooks";

import { api } from "../../api/client";
import type { AnswerBody, ApplicationView, OpenQuestion } from "../../api/types";
import { HOUSE_ZONE, now } from "../../app/clock";
import { formatDeadline, t } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { Button } from "../../ui/Button";
import { FieldError } from "../../ui/fields/frame";
import { Icon } from "../../ui/Icon";
import { Changes } from "../../ui/Timeline";
import { Composer } from "./Composer";
import { relative } from "./relative";
import type { Saying } from "./saying";
import { Spot } from "./Spot";
import { useSaying } from "./useSaying";

/** E9: what the desk wants to know before it decides; answered by one press or in words, here. */
export function Question({ view }: { view: ApplicationView }) {
  const { question } = view;
  const asked = useRef(question?.id);
  if (question) asked.current = question.id;
  const saying = useSaying(`answer:${view.number}:${String(asked.current ?? "")}`);
  const isOpen = Boolean(question && view.can.answer);
  return (
    <Spot saying={saying} isOpen={isOpen}>
      {question && <QuestionCard key={question.id} view={view} question={question} saying={saying} />}
    </Spot>
  );
}

interface CardProps {
  view: ApplicationView;
  question: OpenQuestion;
  saying: Saying;
}

function QuestionCard({ view, question, saying }: CardProps) {
  const id = useId();
  const [writing, setWriting] = useState(saying.text.peek() !== "");
  const say = (answer: AnswerBody["answer"], key: string, text?: string) =>
    api.answer(view.number, { question: question.id, answer, ...(text === undefined ? {} : { text }) }, key);
  const write = () => saying.sendText(t("talk.answered"), (text, key) => say("text", key, text));
  return (
    <section class="card stack tight asked" aria-labelledby={id}>
      <h2 id={id}><Icon name="question" /> {t("talk.question")}</h2>
      <p class="said">{unbreak(question.text)}</p>
      {question.proposal && <Changes changes={question.proposal.changes} />}
      {question.due_at && <Due at={question.due_at} zone={view.period?.timezone ?? HOUSE_ZONE} />}
      {writing
        ? <Composer saying={saying} name="answer" label={t("talk.answer.label")} onSend={write} onClose={() => setWriting(false)} />
        : <Presses question={question} saying={saying} say={say} onWrite={() => setWriting(true)} />}
    </section>
  );
}

function Due({ at, zone }: { at: string; zone: string }) {
  const words = { deadline: formatDeadline(at, zone) };
  const isOver = Date.parse(at) <= now().getTime();
  return (
    <p class="small">
      <time dateTime={at} title={relative(at, now())}>{t(isOver ? "talk.due.over" : "talk.due", words)}</time>
    </p>
  );
}

interface PressesProps {
  question: OpenQuestion;
  saying: Saying;
  say: (answer: AnswerBody["answer"], key: string) => Promise<ApplicationView>;
  onWrite: () => void;
}

/** «Да, 16 января» writes the new date at once; «Нет» only says so. */
function Presses({ question: { proposal }, saying, say, onWrite }: PressesProps) {
  const yes = proposal ? t("talk.yes.to", { label: proposal.label }) : t("talk.yes");
  const press = (answer: "yes" | "no", words: string) => void saying.send(words, t("talk.answered"), (key) => say(answer, key), answer);
  return (
    <>
      <FieldError name="answer" label="" error={saying.error.value} />
      <div class="actions">
        <Button onClick={() => press("yes", yes)}>{yes}</Button>
        <Button variant="secondary" onClick={() => press("no", t("talk.no"))}>{t("talk.no")}</Button>
        <Button variant="text" onClick={onWrite}>{t("talk.answer")}</Button>
      </div>
    </>
  );
}
