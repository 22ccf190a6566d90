import { useState } from "preact/hooks";

import { api } from "../../api/client";
import type { Card, CardList, Status } from "../../api/types";
import { resource, useResource } from "../../app/data";
import { sentence } from "../../app/failure";
import { Page } from "../../app/Page";
import { navigate, useRoute } from "../../app/router";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Card";
import { Skeleton } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";
import { ApplicationRow } from "./ApplicationRow";
import "./applications.css";

const STATUSES: readonly Status[] = [
  "submitted", "in_review", "needs_info", "approved", "waitlisted", "rejected", "withdrawn", "revoked", "completed",
];
const PAGE = 20;

/** Everything this person has ever filed, newest first, a page at a time. */
export function AllPage() {
  const { query } = useRoute();
  const wish = query.get("status");
  const status = STATUSES.find((each) => each === wish) ?? null;
  return (
    <Page title={t("form.all.title")} onBack>
      <Filter status={status} />
      <Pages key={status} status={status} />
    </Page>
  );
}

function Filter({ status }: { status: Status | null }) {
  const choose = (next: string) => navigate(next ? `/all?status=${next}` : "/all", { replace: true });
  return (
    <div class="filter">
      <label for="status">{t("form.all.filter")}</label>
      <select id="status" class="input" value={status ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("form.all.any")}</option>
        {STATUSES.map((each) => (
          <option key={each} value={each}>
            {t(`ui.status.${each}` as const)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Pages({ status }: { status: Status | null }) {
  const list = useResource(resource<CardList>(`applications:all:${status ?? ""}`, () => load(status)));
  const first = list.data.value;
  const more = useMore(status, first);
  if (!first) {
    return list.error.value ? <Failed text={sentence(list.error.value)} onRetry={() => void list.refresh()} /> : <Skeleton heights={[4, 4, 4]} />;
  }
  const cards = [...first.items, ...more.cards];
  if (cards.length === 0) return <p>{t(status ? "form.all.emptyStatus" : "form.all.empty")}</p>;
  return (
    <>
      <ul class="list">
        {cards.map((card) => (
          <ApplicationRow key={card.number} card={card} />
        ))}
      </ul>
      {more.cursor && (
        <Button variant="secondary" busy={more.busy} onClick={more.load}>
          {t("form.all.more")}
        </Button>
      )}
    </>
  );
}

function Failed({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <Notice tone="warn" title={t("form.all.failed")}>
      <p>{text}</p>
      <Button variant="secondary" onClick={onRetry}>
        {t("form.all.retry")}
      </Button>
    </Notice>
  );
}

/** The pages after the first; they begin anew when the first one has changed. */
function useMore(status: Status | null, first: CardList | undefined) {
  const [state, setState] = useState<{ of: CardList | undefined; cards: Card[]; cursor: string | null } | null>(null);
  const [busy, setBusy] = useState(false);
  const own = state?.of === first ? state : null;
  const cursor = own ? own.cursor : (first?.next_cursor ?? null);
  const cards = own?.cards ?? [];
  const loadNext = async () => {
    if (busy || cursor === null) return;
    setBusy(true);
    try {
      const next = await load(status, cursor);
      setState({ of: first, cards: [...cards, ...next.items], cursor: next.next_cursor });
    } catch (failure) {
      toast(sentence(failure));
    } finally {
      setBusy(false);
    }
  };
  return { cards, cursor, busy, load: () => void loadNext() };
}

function load(status: Status | null, cursor?: string): Promise<CardList> {
  return api.applications({ limit: PAGE, ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) });
}
