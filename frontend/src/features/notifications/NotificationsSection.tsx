import { useId } from "preact/hooks";

import type { Messenger, Preferences, Topic } from "../../api/types";
import { data, useResource } from "../../app/data";
import { user } from "../../app/session";
import { t } from "../../i18n";
import { Notice } from "../../ui/Card";
import { ChoiceField, MultiChoice } from "../../ui/fields/ChoiceField";
import { Skeleton } from "../../ui/Skeleton";
import "../channels/channels.css";
import { RefreshFailed } from "../home/RefreshFailed";
import { change, TOPICS } from "./preferences";
import { QuietHours } from "./QuietHours";

const LAST = "";

/** E12: what this person is told, where, and when not. Every press is a change. */
export function NotificationsSection() {
  const id = useId();
  const known = useResource(data.notifications());
  const preferences = known.data.value;
  return (
    <section aria-labelledby={id} class="stack notify">
      <h2 id={id}>{t("notify.title")}</h2>
      <p class="small">{t("notify.always")}</p>
      <RefreshFailed of={[known]} />
      {preferences ? <Settings preferences={preferences} /> : known.error.value === null && <Skeleton heights={[11, 6]} />}
    </section>
  );
}

function Settings({ preferences }: { preferences: Preferences }) {
  const { channels } = preferences;
  return (
    <>
      {channels.length === 0 && <Notice tone="neutral">{t("notify.none")}</Notice>}
      {channels.map((channel) => (
        <Topics key={channel} channel={channel} preferences={preferences} />
      ))}
      {channels.length > 1 && <Preferred preferences={preferences} />}
      <QuietHours preferences={preferences} />
    </>
  );
}

/** What is ticked comes. */
function Topics({ channel, preferences: { muted } }: { channel: Messenger; preferences: Preferences }) {
  const topics = TOPICS.filter((topic) => topic !== "digests" || isDispatcher());
  const off = muted[channel] ?? [];
  const options = topics.map((code) => ({ code, name: t(`notify.topic.${code}`) }));
  const choose = (on: string[]) => {
    const shut = topics.filter((topic) => !on.includes(topic));
    const unseen: Topic[] = off.filter((topic) => !topics.includes(topic));
    void change({ muted: { ...muted, [channel]: [...shut, ...unseen] } });
  };
  return (
    <MultiChoice name={`topics-${channel}`} label={t(`notify.in.${channel}`)} options={options}
      value={topics.filter((topic) => !off.includes(topic))} onChange={choose} />
  );
}

function Preferred({ preferences: { preferred, channels } }: { preferences: Preferences }) {
  const options = [
    { code: LAST, name: t("notify.preferred.last") },
    ...channels.map((code) => ({ code, name: t(`channel.${code}`) })),
  ];
  return (
    <ChoiceField name="preferred" label={t("notify.preferred")} options={options} value={preferred ?? LAST}
      onChange={(code) => void change({ preferred: code === LAST ? null : (code as Messenger) })} />
  );
}

function isDispatcher(): boolean {
  return (user.value?.roles ?? []).some((role) => role === "dispatcher" || role === "admin");
}
