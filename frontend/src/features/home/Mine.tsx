import { useId } from "preact/hooks";

import type { Card } from "../../api/types";
import type { Resource } from "../../app/data";
import { Link, useRoute } from "../../app/router";
import { formatTime, t } from "../../i18n";
import { host } from "../../platform";
import { ApplicationRow, QueuedRow } from "../applications/ApplicationRow";
import { useQueue } from "../applications/queue";

/** The ten newest, those that wait for the network on top. */
export function Mine({ recent }: { recent: Resource<{ items: Card[] }> }) {
  const id = useId();
  const queued = useQueue();
  const { path } = useRoute();
  const cards = recent.data.value?.items ?? [];
  return (
    <section aria-labelledby={id} class="mine">
      <div class="section-head">
        <h2 id={id}>{t("home.mine")}</h2>
        <Age of={recent} />
      </div>
      {recent.data.value && cards.length + queued.length === 0 && <p class="small">{t("home.empty")}</p>}
      {cards.length + queued.length > 0 && (
        <ul class="list">
          {queued.map((item) => (
            <QueuedRow key={item.client_key} item={item} />
          ))}
          {cards.map((card) => (
            <ApplicationRow key={card.number} card={card} current={path.startsWith(`/r/${card.number}`)} />
          ))}
        </ul>
      )}
      {cards.length > 0 && (
        <Link class="btn text all-link" href="/all">
          {t("home.all")}
        </Link>
      )}
    </section>
  );
}

/** «Данные на 10:02» while nothing newer can be had. */
function Age({ of }: { of: Resource<unknown> }) {
  const isOld = !host.online.value || of.error.value !== null;
  if (!isOld || of.loadedAt.value === 0) return null;
  return <p class="cap">{t("net.stale", { time: formatTime(new Date(of.loadedAt.value).toISOString()) })}</p>;
}
