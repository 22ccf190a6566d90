import type { ApplicationView, TimelineEntry } from "../../api/types";
import { now } from "../../app/clock";
import { formatDeadline, formatMoment, t, type MessageKey } from "../../i18n";
import { Timeline, type TimelineItem } from "../../ui/Timeline";
import { relative } from "./relative";

const HOUSE_ZONE = "Europe/Moscow";

/** What happened and what is still to come; the audit log as this person may see it (ux B6). */
export function History({ view }: { view: ApplicationView }) {
  return <Timeline items={[...view.timeline.map(pastItem), ...futureItems(view)]} />;
}

function pastItem(entry: TimelineEntry, index: number): TimelineItem {
  const who = [entry.actor.name ?? word("form.actor", entry.actor.role), word("form.channel", entry.channel)];
  return {
    key: `${entry.kind}-${String(index)}`,
    title: entry.title,
    when: capital(formatMoment(entry.at, now())),
    exact: entry.at,
    relative: relative(entry.at, now()),
    who: who.filter(Boolean).join(", "),
    note: entry.note ?? null,
    changes: entry.changes,
  };
}

function futureItems(view: ApplicationView): TimelineItem[] {
  const zone = view.period?.timezone ?? HOUSE_ZONE;
  return view.upcoming.map(({ kind, title, at }) => ({
    key: kind,
    title,
    when: at ? t("form.view.before", { deadline: formatDeadline(at, zone) }) : "",
    exact: at,
    ...(at ? { relative: relative(at, now()) } : {}),
    future: true,
  }));
}

const KNOWN: readonly string[] = [
  "form.actor.employee", "form.actor.dispatcher", "form.actor.admin", "form.actor.service",
  "form.channel.browser", "form.channel.web", "form.channel.express", "form.channel.telegram",
];

/** A role or a door that this version does not know is left out rather than shown as a code. */
function word(group: string, code: string | null): string {
  const key = `${group}.${code ?? ""}`;
  return KNOWN.includes(key) ? t(key as MessageKey) : "";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
