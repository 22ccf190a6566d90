import { useEffect, useId } from "preact/hooks";

import type { Card, FormSummary } from "../../api/types";
import { data, useResource, type AnyResource, type Resource } from "../../app/data";
import { ErrorScreen } from "../../app/ErrorScreen";
import { Page } from "../../app/Page";
import { locale, t } from "../../i18n";
import { ButtonLink } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import { draftOf } from "../applications/drafts";
import { newPath } from "../applications/paths";
import { DraftCard } from "./DraftCard";
import "./home.css";
import { Mine } from "./Mine";
import { PeriodCard } from "./PeriodCard";
import { RefreshFailed } from "./RefreshFailed";
import { RepeatChips } from "./RepeatChips";

/** E2: the state of my applications and the one next action. */
export function HomePage() {
  const info = useResource(data.info());
  const recent = useResource(data.recent());
  const me = useResource(data.me());
  const forms = info.data.value?.forms;
  if (!forms && info.error.value && !info.loading.value) {
    return <ErrorScreen error={info.error.value} onRetry={() => void info.refresh()} />;
  }
  return <Home forms={forms} known={[info, recent, me]} cards={recent} />;
}

interface HomeProps {
  forms: FormSummary[] | undefined;
  known: AnyResource[];
  cards: Resource<{ items: Card[] }>;
}

function Home({ forms = [], known, cards }: HomeProps) {
  const ready = useForms(forms) && forms.length > 0 && known.every(isSettled);
  if (!ready) return <HomeSkeleton />;
  const items = cards.data.value?.items;
  return (
    <Page title={t("app.title")} class="home">
      <RefreshFailed of={[...known, ...forms.flatMap(({ id }) => [data.periods(id), data.form(id)])]} />
      {forms.map((form) => form.has_period && <FormSection key={form.id} form={form} cards={items ?? []} />)}
      {forms.map((form) => !form.has_period && <DraftCard key={form.id} form={form} />)}
      <Mine recent={cards} />
      <OtherForms forms={forms.filter((form) => !form.has_period)} />
    </Page>
  );
}

/** Everything is drawn at once: a part that came later would push away what the person is about to press. */
function useForms(forms: FormSummary[]): boolean {
  const names = forms.map((form) => form.id).join();
  useEffect(() => {
    for (const { id, has_period } of forms) {
      void draftOf(id).load();
      if (has_period) void Promise.all([data.periods(id).refresh(), data.form(id).refresh()]);
    }
  }, [names, locale.value]);
  return forms.every(({ id, has_period }) => {
    const asked = has_period ? [data.periods(id), data.form(id)] : [];
    return draftOf(id).loaded.value && asked.every(isSettled);
  });
}

/** Known, from the server or from the device, or known not to come. */
function isSettled({ loadedAt, error }: AnyResource): boolean {
  return loadedAt.value > 0 || error.value !== null;
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
  return (
    <>
      {known && <PeriodCard form={form} periods={known} cards={cards} note={definition?.texts.rule} />}
      {known && definition && <RepeatChips form={definition} periods={known} cards={cards} />}
      <DraftCard form={form} />
    </>
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
