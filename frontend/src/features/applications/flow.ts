import { computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import type { ApiError } from "../../api/errors";
import type { Answers, Card, Me, Period } from "../../api/types";
import { HOUSE_ZONE } from "../../app/clock";
import { data, useResource } from "../../app/data";
import { route } from "../../app/router";
import { user } from "../../app/session";
import { locale, t } from "../../i18n";
import { toast } from "../../ui/Toast";
import { draftOf, type DraftKeeper } from "./drafts";
import type { History } from "./FieldControl";
import { historyOf } from "./past";
import { isQueued } from "./queued";
import { hasProfile } from "./rule";
import { FLOW } from "./send";
import { FormSession } from "./session";

export interface Flow {
  session: FormSession;
  keeper: DraftKeeper;
  period: Period | null;
  timezone: string;
  me: Me;
  history: History;
  cards: Card[];
}

const sessions = new Map<string, FormSession>();

/** Everything a new application needs, once it is there; the pages of one flow share the session. */
export function useFlow(formId: string): { flow: Flow | null; error: ApiError | null; retry: () => void } {
  const form = useResource(data.form(formId));
  const me = useResource(data.me());
  const recent = useResource(data.recent());
  const keeper = draftOf(formId);
  useEffect(() => void meetDraft(keeper), [keeper]);
  const facts = form.data.value;
  const person = me.data.value;
  const cards = recent.data.value?.items ?? (recent.error.value ? [] : null);
  const session = useMemo(() => (facts && person ? sessionOf(formId) : null), [formId, locale.value, Boolean(facts && person)]);
  const error = facts ? (person ? null : me.error.value) : form.error.value;
  const retry = () => {
    void form.refresh();
    void me.refresh();
  };
  if (!facts || !person || !session || cards === null || !keeper.loaded.value) return { flow: null, error, retry };
  const timezone = facts.period?.timezone ?? HOUSE_ZONE;
  const history = historyOf(cards, formId);
  return { flow: { session, keeper, period: facts.period, timezone, me: person, history, cards }, error: null, retry };
}

/** The form opens again: what the chat or another device has written since is taken in. */
async function meetDraft(keeper: DraftKeeper): Promise<void> {
  if (keeper.loaded.peek()) await keeper.meetServer();
  else await keeper.load();
}

function sessionOf(formId: string): FormSession {
  const key = [user.peek()?.id, locale.peek(), formId].join(":");
  const session = sessions.get(key) ?? createSession(formId);
  sessions.set(key, session);
  return session;
}

function createSession(formId: string): FormSession {
  const [form, me, keeper] = [data.form(formId), data.me(), draftOf(formId)];
  let last = form.data.peek()?.form;
  const definition = computed(() => {
    last = form.data.value?.form ?? last;
    if (!last) throw new Error(formId);
    return last;
  });
  const session = new FormSession({
    name: formId,
    form: definition,
    known: computed(() => (me.data.value?.profile ?? {}) as Answers),
    withProfile: computed(() => hasProfile(definition.value) && !me.data.value?.profile_complete),
    store: {
      answers: computed(() => keeper.draft.value?.answers ?? {}),
      change: (field, answers) => keeper.change(field, answers),
    },
  });
  keeper.forgotten.subscribe(() => session.uploads.peek().drop());
  return session;
}

/** What an open form does by itself: drops what became impossible, tells why a queued one came back, says goodbye. */
export function useOpenForm({ session, keeper }: Pick<Flow, "session" | "keeper">): void {
  const answers = session.answers.value;
  useEffect(() => session.dropImpossible(), [session, answers]);
  const refused = keeper.draft.value?.refused ?? null;
  useEffect(() => {
    if (refused) session.refusal.value = refused;
  }, [session, refused]);
  useEffect(() => () => leave(session, keeper), [session, keeper]);
}

/** Left without sending: the draft is saved by itself, and the person hears it (ux B8). */
function leave(session: FormSession, keeper: DraftKeeper): void {
  if (route.peek().path.startsWith(FLOW)) return;
  const draft = keeper.draft.peek();
  const isKept = draft !== null && !isQueued(draft.client_key);
  if (session.waiting.peek()) toast(t("form.after.send", { count: session.uploads.peek().underWay }));
  else if (session.touched.peek() && isKept) toast(t("form.saved"));
  keeper.leave();
  keeper.merged.value = false;
  session.reset();
}
