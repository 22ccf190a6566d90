import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { api, Refused } from "../data/api";
import { persona } from "../data/store";
import { onEvent } from "../data/stream";
import type { House } from "../data/types";
import { t } from "../i18n";
import { Part } from "../parts";

/** The product behind the bot, as the chosen person's own data tell it. */
export const house = signal<House | null>(null);
const trouble = signal<string | null>(null);
const LATER_MS = 400;

export function StateViewer() {
  useHouse(persona.value);
  const now = house.value;
  return (
    <Part title={t("state.title")} folded>
      {trouble.value && <p class="cap">{t("state.away")}</p>}
      {now && (
        <dl class="facts">
          <Fact name={t("state.health")} value={now.health.status} />
          <Fact name={t("state.draft")} value={draftOf(now)} />
          <Fact name={t("state.applications")} value={now.applications.items.map(({ number, status }) => `${number} ${status}`).join("\n")} />
        </dl>
      )}
      {now && <pre tabIndex={0}>{JSON.stringify(now, null, 1)}</pre>}
    </Part>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value || t("state.none")}</dd>
    </div>
  );
}

function draftOf({ draft }: House): string {
  return draft.draft ? `v${String(draft.draft.version)} ${JSON.stringify(draft.draft.answers)}` : "";
}

/** Asked for again soon after anything has happened, once for a burst of events. */
function useHouse(who: string): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isHere = true;
    const look = async () => {
      try {
        const seen = await api.house(who);
        if (isHere) [house.value, trouble.value] = [seen, null];
      } catch (failure) {
        if (isHere) trouble.value = failure instanceof Refused ? failure.code : "unknown";
      }
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void look(), LATER_MS);
    };
    later();
    const stop = onEvent(({ topic, kind }) => (topic === "chat" || topic === "app" || kind === "clock") && later());
    return () => {
      isHere = false;
      clearTimeout(timer);
      stop();
    };
  }, [who]);
}
