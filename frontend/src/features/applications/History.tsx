import type { ApplicationView, ThreadEntry, TimelineEntry } from "../../api/types";
import { HOUSE_ZONE, now } from "../../app/clock";
import { formatDeadline, formatMoment, t, type MessageKey } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { Timeline, type TimelineItem } from "../../ui/Timeline";
import { relative } from "./relative";

/** What happened and what is still to come; the audit log as this person may see it (ux B6). */
export function History({ view }: { view: ApplicationView }) {
  return <Timeline items={[...pastItems(view), ...futureItems(view)]} />;
}

/** Events and words in one order: words stand with the event that they were part of. */
function pastItems({ timeline, thread = [] }: ApplicationView): TimelineItem[] {
  const left = [...thread];
  const events = timeline.map((entry, index) => {
    const words = left.findIndex(({ at }) => Date.parse(at) === Date.parse(entry.at));
    const [said] = words < 0 ? [] : left.splice(words, 1);
    return said ? { ...pastItem(entry, index), ...saidIn(said) } : pastItem(entry, index);
  });
  const items = [...events, ...left.map(saidItem)];
  return items.sort((one, other) => Date.parse(one.exact ?? "") - Date.parse(other.exact ?? ""));
}

/** Without an event of its own: a message and its answer change no status. */
function saidItem(entry: ThreadEntry, index: number): TimelineItem {
  const { at, from, kind, name } = entry;
  const who = name ?? t(from === "owner" ? "form.actor.employee" : "form.actor.dispatcher");
  const moment = { when: capital(formatMoment(at, now())), exact: at, relative: relative(at, now()) };
  return { key: `said-${String(index)}`, title: t(`form.said.${kind}`), who, ...moment, ...saidIn(entry) };
}

function saidIn({ text, from }: ThreadEntry): Pick<TimelineItem, "said" | "note"> {
  return { said: { text: unbreak(text), own: from === "owner" }, note: null };
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
