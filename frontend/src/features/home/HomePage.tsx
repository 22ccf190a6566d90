import { useId } from "preact/hooks";

import type { Card, FormSummary } from "../../api/types";
import { data, useResource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { Link, useRoute } from "../../app/router";
import { formatTime, t } from "../../i18n";
import { host } from "../../platform";
import { ButtonLink } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import "./home.css";
import { ApplicationRow, QueuedRow } from "../applications/ApplicationRow";
import { newPath } from "../applications/paths";
import { useQueue } from "../applications/queue";
import { DraftCard } from "./DraftCard";
import { PeriodCard } from "./PeriodCard";
import { RefreshFailed } from "./RefreshFailed";
import { RepeatChips } from "./RepeatChips";

/** E2: the state of my applications and the one next action. */
export function HomePage() {
  const info = useResource(data.info());
  const recent = useResource(data.recent());
  const forms = info.data.value?.forms;
  if (!forms) {
    if (info.error.value && !info.loading.value) {
      return <ErrorScreen error={info.error.value} onRetry={() => void info.refresh()} />;
    }
    return <HomeSkeleton />;
  }
  const cards = recent.data.value?.items;
  return (
    <Page title={t("app.title")} class="home">
      <RefreshFailed of={[info, recent]} />
      {forms.map((form) => form.has_period && <FormSection key={form.id} form={form} cards={cards ?? []} />)}
      {forms.map((form) => !form.has_period && <DraftCard key={form.id} form={form} />)}
      <Mine recent={recent.loadedAt.value} cards={cards} stale={recent.stale.value} />
      <OtherForms forms={forms.filter((form) => !form.has_period)} />
    </Page>
  );
}

/** Same heights as the real things: nothing jumps. */
function HomeSkeleton() {
  return (
    <Page title={t("app.title")} class="home" busy>
      <Skeleton heights={[11.5, 4.5, 4, 4, 4]} />
    </Page>
  );
}

function FormSection({ form, cards }: { form: FormSummary; cards: Card[] }) {
  const periods = useResource(data.periods(form.id));
  const definition = useResource(data.form(form.id)).data.value?.form;
  const known = periods.data.value?.periods;
  if (!known) return <Skeleton heights={[11.5]} />;
  return (
    <>
      <PeriodCard form={form} periods={known} cards={cards} note={definition?.texts.rule} />
      {definition && <RepeatChips form={definition} periods={known} cards={cards} />}
      <DraftCard form={form} />
    </>
  );
}

/** The ten newest, those that wait for the network on top. */
function Mine({ cards, recent, stale }: { cards: Card[] | undefined; recent: number; stale: boolean }) {
  const id = useId();
  const queued = useQueue();
  const { path } = useRoute();
  const old = stale || !host.online.value;
  return (
    <section aria-labelledby={id} class="mine">
      <div class="section-head">
        <h2 id={id}>{t("home.mine")}</h2>
        {old && recent > 0 && <p class="cap">{t("net.stale", { time: formatTime(new Date(recent).toISOString()) })}</p>}
      </div>
      {cards === undefined && <Skeleton heights={[4, 4, 4]} />}
      {cards?.length === 0 && queued.length === 0 && <p class="small">{t("home.empty")}</p>}
      {(queued.length > 0 || (cards && cards.length > 0)) && (
        <ul class="list">
          {queued.map((item) => <QueuedRow key={item.client_key} item={item} />)}
          {cards?.map((card) => <ApplicationRow key={card.number} card={card} current={path.startsWith(`/r/${card.number}`)} />)}
        </ul>
      )}
      {cards && cards.length > 0 && (
        <Link class="btn text all-link" href="/all">
          {t("home.all")}
        </Link>
      )}
    </section>
  );
}

/** Forms that are open all year round: one row each. */
function OtherForms({ forms }: { forms: FormSummary[] }) {
  const id = useId();
  if (forms.length === 0) return null;
  return (
    <section aria-labelledby={id} class="other">
      <h2 id={id}>{t("home.other")}</h2>
      <ul class="stack tight">
        {forms.map((form) => (
          <li key={form.id}>
            <ButtonLink href={newPath(form.id)} variant="secondary" icon="plus">
              {form.title}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
