import { useEffect, useId, useState } from "preact/hooks";

import { api } from "../../api/client";
import type { ApplicationView, OpenOffer } from "../../api/types";
import { HOUSE_ZONE, now, tick } from "../../app/clock";
import { applicationChanged } from "../../app/data";
import { formatDeadline, t } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { Button } from "../../ui/Button";
import { FieldError } from "../../ui/fields/frame";
import { Icon } from "../../ui/Icon";
import { Sheet } from "../../ui/Sheet";
import { relative } from "./relative";
import type { Saying } from "./saying";
import { Spot } from "./Spot";
import { useSaying } from "./useSaying";

/** A seat has become free for somebody on the reserve list: it waits for them until its moment, and no longer. */
export function Offer({ view }: { view: ApplicationView }) {
  const { offer } = view;
  const saying = useSaying(`offer:${view.number}`);
  const isOver = useMoment(offer?.until);
  return (
    <Spot saying={saying} isOpen={Boolean(offer && view.can.take && !isOver)}>
      {offer && <OfferCard key={offer.id} view={view} offer={offer} saying={saying} />}
    </Spot>
  );
}

interface CardProps {
  view: ApplicationView;
  offer: OpenOffer;
  saying: Saying;
}

function OfferCard({ view, offer, saying }: CardProps) {
  const id = useId();
  const [refusing, setRefusing] = useState(false);
  const { number, title } = view;
  const take = () => saying.send(t("talk.take"), t("talk.taken", { title }), (key) => api.take(number, offer.id, key), "take");
  const refuse = () => saying.send(t("talk.refuse"), t("talk.refused"), (key) => api.declineOffer(number, offer.id, key), "refuse");
  return (
    <section class="card stack tight asked offered" aria-labelledby={id}>
      <h2 id={id}><Icon name="check" /> {t("talk.offer", { title: unbreak(title) })}</h2>
      <p><Until at={offer.until} zone={view.period?.timezone ?? HOUSE_ZONE} /></p>
      <FieldError name="offer" label="" error={saying.error.value} />
      <div class="actions">
        <Button onClick={() => void take()}>{t("talk.take")}</Button>
        <Button variant="secondary" onClick={() => setRefusing(true)}>{t("talk.refuse")}</Button>
      </div>
      {refusing && <RefuseSheet onRefuse={() => void refuse()} onClose={() => setRefusing(false)} />}
    </section>
  );
}

/** Absolute first; how long that is, beside it (ux rule 9). */
function Until({ at, zone }: { at: string; zone: string }) {
  return <time dateTime={at}>{t("talk.until", { deadline: formatDeadline(at, zone), left: relative(at, now()) })}</time>;
}

/** What is given up here cannot be taken back: the one place that asks once more. */
function RefuseSheet({ onRefuse, onClose }: { onRefuse: () => void; onClose: () => void }) {
  return (
    <Sheet title={t("talk.refuse.title")} onClose={onClose}>
      <p>{t("talk.refuse.text")}</p>
      <Button variant="danger" wide onClick={() => (onClose(), onRefuse())}>{t("talk.refuse.send")}</Button>
    </Sheet>
  );
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** True from that moment on; the server is asked then what has become of it. Redraws with the clock until then. */
function useMoment(until: string | undefined): boolean {
  const [, redraw] = useState(0);
  const beat = tick.value;
  const left = until ? Date.parse(until) - now().getTime() : Infinity;
  const isAhead = left > 0 && left < Infinity;
  useEffect(() => {
    if (!isAhead) return;
    const timer = setTimeout(() => (redraw((count) => count + 1), applicationChanged()), Math.min(left + 250, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }, [until, isAhead, beat]);
  return until !== undefined && left <= 0;
}
