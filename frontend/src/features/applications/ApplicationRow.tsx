import type { Card } from "../../api/types";
import { Link } from "../../app/router";
import { formatDeadline, t } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { Button } from "../../ui/Button";
import { StatusTag } from "../../ui/Tag";
import { toast } from "../../ui/Toast";
import "./applications.css";
import { cancelQueued, type QueuedItem } from "./queue";

/** A row of «Мои заявки»: the whole row is one link (ux B6). An unseen decision is bold and says so. */
export function ApplicationRow({ card, current }: { card: Card; current?: boolean }) {
  return (
    <li class={card.seen ? "app-row" : "app-row unseen"}>
      <Link class="list-link" href={`/r/${card.number}`} aria-current={current ? "page" : undefined}>
        <b>
          {!card.seen && <span class="vh">{t("form.row.unseen")}: </span>}
          {unbreak(card.title)}
        </b>
        <StatusTag status={card.status} label={card.status_label} />
        <span class="cap">{[t("form.number", { number: card.number }), card.note && unbreak(card.note)].filter(Boolean).join(" · ")}</span>
      </Link>
    </li>
  );
}

/** What waits for the network on this device; it may still be taken back. */
export function QueuedRow({ item }: { item: QueuedItem }) {
  const cancel = () => {
    cancelQueued(item.client_key);
    toast(t("form.queued.cancelled"));
  };
  return (
    <li class="app-row queued-row">
      <Link class="list-link" href={`/sent/${item.client_key}`}>
        <b>{item.title}</b>
        <StatusTag status="queued" />
        <span class="cap">{queuedNote(item)}</span>
      </Link>
      <Button variant="text" onClick={cancel}>
        {t("form.queued.cancel")}
      </Button>
    </li>
  );
}

export function queuedNote({ closes_at: closes, timezone }: QueuedItem): string {
  if (!closes || !timezone) return t("form.queued.note");
  return t("form.queued.noteUntil", { deadline: formatDeadline(closes, timezone) });
}
