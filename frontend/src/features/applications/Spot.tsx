import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../../i18n";
import { Notice } from "../../ui/Card";
import type { Saying } from "./saying";

interface SpotProps {
  saying: Saying;
  /** What there is to answer; nothing when it is no longer open. */
  children: ComponentChildren;
  /** Its closed form may say «written by you» where the words would be lost else. */
  isOpen: boolean;
}

/** A place of the page where something may be answered: what there is, then what was said, then how it ended. */
export function Spot({ saying, children, isOpen }: SpotProps) {
  const place = useRef<HTMLDivElement>(null);
  const said = saying.sending.value;
  const ended = saying.done.value || (isOpen ? "" : saying.error.value);
  const isWaiting = said !== null;
  useEffect(() => {
    if (isWaiting || ended) place.current?.focus({ preventScroll: true });
  }, [isWaiting, ended]);
  return (
    <>
      <div ref={place} tabIndex={-1} role="status" class="spot">
        {isWaiting && <OnItsWay words={said} />}
        {!isWaiting && ended && <Ended saying={saying} text={ended} />}
      </div>
      {!isWaiting && isOpen && children}
    </>
  );
}

function OnItsWay({ words }: { words: string }) {
  return (
    <Notice tone="neutral" title={t("talk.sending")}>
      <p class="said">{words}</p>
    </Notice>
  );
}

/** Words that nobody has heard are not lost with their question. */
function Ended({ saying, text }: { saying: Saying; text: string }) {
  const unsaid = saying.text.value.trim();
  return (
    <Notice tone={saying.done.value ? "ok" : "warn"} title={text}>
      {unsaid && <p class="said">{t("talk.unsaid", { text: unsaid })}</p>}
    </Notice>
  );
}
