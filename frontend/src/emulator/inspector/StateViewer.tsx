import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { api } from "../data/api";
import { persona, takeBusinessTime } from "../data/store";
import { onEvent } from "../data/stream";
import type { Conversation, House, Promised } from "../data/types";
import { locale, maybe, t } from "../i18n";
import { Part } from "../parts";
import { clock } from "../chat/format";

/** The product behind the bot, as the chosen person's own data tell it. */
export const house = signal<House | null>(null);
const LATER_MS = 400;
/** The newest say how it stands; all that were told are in the document below. */
const PROMISES = 5;

export function StateViewer() {
  useHouse(persona.value);
  const now = house.value;
  return (
    <Part title={t("state.title")} folded>
      {now?.away && <p class="cap">{t("state.away")}</p>}
      {now && !now.away && (
        <dl class="facts">
          <Fact name={t("state.health")} value={now.health?.status ?? ""} />
          <Fact name={t("state.draft")} value={draftOf(now)} />
          <Fact name={t("state.applications")} value={applicationsOf(now).join("\n")} />
          <Fact name={t("state.dialog")} value={now.conversations?.map(standOf).join("\n") ?? ""} />
          <Fact name={t("state.outbox")} value={now.outbox?.slice(0, PROMISES).map(promiseOf).join("\n") ?? ""} />
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
  return draft?.draft ? `v${String(draft.draft.version)} ${JSON.stringify(draft.draft.answers)}` : "";
}

function applicationsOf({ applications }: House): string[] {
  return applications?.items.map(({ number, status }) => `${number} ${status}`) ?? [];
}

/** Which screen the chat's card shows, and which questions are being answered on it. */
function standOf({ channel, version, state: { screen, flow } }: Conversation): string {
  const questions = flow ? `${flow.kind} ${flow.form}${flow.number ? ` ${flow.number}` : ""}` : "";
  return [`${channel} v${String(version)}`, screen?.name ?? t("state.noScreen"), questions].filter(Boolean).join(" · ");
}

/** What was promised when, and what has become of it. */
function promiseOf({ event, number, due_at, settled_at, channel, state, reason, attempts }: Promised): string {
  const stands = state ?? (settled_at ? "untold" : "owed");
  const become = maybe(`line.queue.${stands}`) ?? stands;
  const tries = attempts > 0 ? t("state.attempts", { count: attempts }) : "";
  const words = [maybe(`event.${event}`) ?? event, number, [become, channel, reason].filter(Boolean).join(" "), tries];
  return `${clock(due_at, locale.value)} ${words.filter(Boolean).join(" · ")}`;
}

/** Asked for again soon after anything has happened, once for a burst of events. */
function useHouse(who: string): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isHere = true;
    const look = async () => {
      const seen = await api.house(who).catch(() => null);
      if (!isHere || !seen) return;
      house.value = seen;
      if (seen.now) takeBusinessTime(seen.now);
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void look(), LATER_MS);
    };
    later();
    const stop = onEvent(({ topic, kind }) => (topic === "chat" || topic === "app" || topic === "trail" || kind === "clock") && later());
    return () => {
      isHere = false;
      clearTimeout(timer);
      stop();
    };
  }, [who]);
}
