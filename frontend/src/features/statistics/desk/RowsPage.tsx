import { useState } from "preact/hooks";

import { desk } from "../../../api/desk";
import type { DeskRow, RowsPage as Rows } from "../../../api/types";
import { resource, useResource } from "../../../app/data";
import { sentence } from "../../../app/failure";
import { Page } from "../../../app/Page";
import { useRoute } from "../../../app/router";
import { formatDay, t } from "../../../i18n";
import { unbreak } from "../../../i18n/typography";
import { Button } from "../../../ui/Button";
import { Notice } from "../../../ui/Card";
import { Skeleton } from "../../../ui/Skeleton";
import { StatusTag } from "../../../ui/Tag";
import { toast } from "../../../ui/Toast";
import { mayReadAll } from "../right";
import "../statistics.css";
import { Forbidden } from "./Forbidden";

/** The applications behind a bar: the address carries the bar's query. */
export function RowsPage() {
  const { query } = useRoute();
  if (!mayReadAll()) return <Forbidden />;
  return (
    <Page title={t("desk.rows.title")} onBack>
      <Pages key={query.toString()} query={query.toString()} />
    </Page>
  );
}

function Pages({ query }: { query: string }) {
  const wish = Object.fromEntries(new URLSearchParams(query));
  const list = useResource(resource<Rows>(`desk:rows:${query}`, () => desk.rows(wish)));
  const first = list.data.value;
  const more = useMore(wish, first);
  if (!first) return list.error.value ? <Failed text={sentence(list.error.value)} onRetry={() => void list.refresh()} /> : <Skeleton heights={[1.5, 4, 4, 4]} />;
  const rows = [...first.items, ...more.rows];
  return (
    <>
      <p role="status">{rows.length === 0 ? t("desk.rows.empty") : t("desk.rows.count", { count: first.total })}</p>
      {rows.length > 0 && <ul class="list facts">{rows.map((row) => <Row key={row.number} row={row} />)}</ul>}
      {more.cursor !== null && <Button variant="secondary" busy={more.busy} onClick={more.load}>{t("desk.rows.more")}</Button>}
    </>
  );
}

function Row({ row }: { row: DeskRow }) {
  return (
    <li>
      <b>{row.full_name}</b>
      <StatusTag status={row.status} label={row.status_label} />
      <span class="line">{unbreak(row.title)}</span>
      <span class="cap">{[t("form.number", { number: row.number }), t("desk.rows.filed", { day: formatDay(row.filed_at) })].join(" · ")}</span>
    </li>
  );
}

function Failed({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <Notice tone="warn" title={t("desk.rows.failed")}>
      <p>{text}</p>
      <Button variant="secondary" onClick={onRetry}>{t("app.retry")}</Button>
    </Notice>
  );
}

/** The pages after the first; they begin anew when the first one has changed. */
function useMore(query: Record<string, string>, first: Rows | undefined) {
  const [state, setState] = useState<{ of: Rows; rows: DeskRow[]; cursor: string | null } | null>(null);
  const [busy, setBusy] = useState(false);
  const own = state !== null && state.of === first ? state : null;
  const cursor = own ? own.cursor : (first?.next_cursor ?? null);
  const rows = own?.rows ?? [];
  const loadNext = async () => {
    if (busy || cursor === null || !first) return;
    setBusy(true);
    try {
      const next = await desk.rows(query, cursor);
      setState({ of: first, rows: [...rows, ...next.items], cursor: next.next_cursor });
    } catch (failure) {
      toast(sentence(failure));
    } finally {
      setBusy(false);
    }
  };
  return { rows, cursor, busy, load: () => void loadNext() };
}
