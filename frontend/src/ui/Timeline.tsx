import { t } from "../i18n";
import { unbreak } from "../i18n/typography";
import { Icon } from "./Icon";
import "./Timeline.css";

export interface TimelineItem {
  key: string;
  title: string;
  /** Absolute time in words; `exact` is the machine's form, `relative` («3 дня назад») goes to the tooltip. */
  when: string;
  exact?: string | null;
  relative?: string;
  /** Who and through which channel. */
  who?: string;
  note?: string | null;
  /** What was said, in its own words; `own` words are the reader's. */
  said?: { text: string; own: boolean };
  changes?: { field: string; label: string; before: string | null; after: string | null }[];
  /** Still to come: shown hollow. */
  future?: boolean;
}

/** What happened and what comes next, newest last (ux B6). */
export function Timeline({ items }: { items: TimelineItem[] }) {
  return (
    <ol class="timeline">
      {items.map((item) => (
        <li key={item.key} class={item.future ? undefined : "done"}>
          <span class="dot" />
          <span class="line" />
          <b>{item.title}</b>
          <p class="cap">
            {item.future && <span class="vh">{t("ui.timeline.future")}: </span>}
            <Moment item={item} />
            {item.who && <span> · {item.who}</span>}
          </p>
          {item.note && <p class="small">{item.note}</p>}
          {item.said && <p class={item.said.own ? "said own" : "said"}>{item.said.text}</p>}
          {item.changes && item.changes.length > 0 && <Changes changes={item.changes} />}
        </li>
      ))}
    </ol>
  );
}

function Moment({ item }: { item: TimelineItem }) {
  if (!item.exact) return <span>{item.when}</span>;
  return (
    <time dateTime={item.exact} title={item.relative}>
      {item.when}
    </time>
  );
}

/** Before and after of each edited answer. */
export function Changes({ changes }: { changes: NonNullable<TimelineItem["changes"]> }) {
  const none = t("ui.none");
  return (
    <ul class="small changes">
      {changes.map(({ field, label, before, after }) => (
        <li key={field}>
          {label}: <del>{unbreak(before ?? none)}</del> <Icon name="next" /> <ins>{unbreak(after ?? none)}</ins>
        </li>
      ))}
    </ul>
  );
}
