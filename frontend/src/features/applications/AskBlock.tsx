import { useState } from "preact/hooks";

import { api } from "../../api/client";
import type { ApplicationView } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Composer } from "./Composer";
import type { Saying } from "./saying";
import { Spot } from "./Spot";

interface AskProps {
  view: ApplicationView;
  saying: Saying;
  label: string;
}

/** «Спросить»: a message to the desk from where the doubt is. It changes no status; the answer comes into the history. */
export function AskBlock({ view, saying, label }: AskProps) {
  const [writing, setWriting] = useState(saying.text.peek() !== "");
  const send = () => saying.sendText(t("talk.asked"), (text, key) => api.ask(view.number, text, key)).then(() => setWriting(saying.error.peek() !== ""));
  return (
    <div class="stack tight">
      <Spot saying={saying} isOpen>
        {writing
          ? <Composer saying={saying} name="message" label={t("talk.ask.label")} hint={t("talk.ask.hint")} onSend={send} onClose={() => setWriting(false)} />
          : <div class="actions"><Button variant="secondary" icon="question" onClick={() => setWriting(true)}>{label}</Button></div>}
      </Spot>
    </div>
  );
}
