import { ApiError } from "../../api/errors";
import type { ApplicationView, Period } from "../../api/types";
import { applicationChanged } from "../../app/data";
import { leaveFlow, navigate, route } from "../../app/router";
import { t } from "../../i18n";
import { host } from "../../platform";
import { toast } from "../../ui/Toast";
import { celebrated } from "./celebrated";
import { draftOf } from "./drafts";
import { summaryOf } from "./fields";
import { enqueue, mayPass, send, type QueuedItem } from "./queue";
import { refusalOf } from "./refusals";
import type { FormSession } from "./session";

export const FLOW = "/new";

/**
 * Sends the form once, however often the button is pressed. Without a network, or with an answer that may yet come,
 * it goes into the queue with the same key; a "no" is told in its place and nothing typed is lost.
 */
export async function submit(session: FormSession, period: Period | null): Promise<void> {
  if (session.sending.peek()) return;
  session.sending.value = true;
  const item = itemOf(session, period);
  try {
    await draftOf(item.form).settled();
    if (!host.online.peek()) await queued(item);
    else await sent(session, item, await send(item));
  } catch (failure) {
    if (mayPass(failure)) await queued(item);
    else refused(session, item, failure);
  } finally {
    session.sending.value = false;
  }
}

function itemOf(session: FormSession, period: Period | null): QueuedItem {
  const { form } = session;
  return {
    form: form.id,
    answers: session.outgoing(),
    client_key: draftOf(form.id).clientKey(),
    period: period?.id ?? null,
    closes_at: period?.closes_at ?? null,
    timezone: period?.timezone ?? null,
    title: summaryOf(form, session.answers.peek()) || form.title,
    queued_at: new Date().toISOString(),
  };
}

async function sent(session: FormSession, item: QueuedItem, view: ApplicationView): Promise<void> {
  draftOf(item.form).forgetSent(item.client_key);
  session.reset();
  celebrated.set(view.number, "now");
  applicationChanged(view);
  host.haptic("success");
  if (route.peek().path.startsWith(FLOW)) await leaveFlow(`/sent/${view.number}`, FLOW);
  else tellSent(view);
  // now there is something that the bot will have to tell; whatever becomes of the question, it is sent
  void host.askToWrite?.().catch(() => null);
}

/** It waited for its files, and the person went on to something else meanwhile. */
function tellSent({ number }: ApplicationView): void {
  const open = { label: t("form.refused.open"), run: () => navigate(`/r/${number}`) };
  toast([t("form.sent.title"), t("form.number", { number })].join(": "), { action: open });
}

/** The page of the queued application bears its key until it gets a number. */
async function queued(item: QueuedItem): Promise<void> {
  enqueue(item);
  if (!route.peek().path.startsWith(FLOW)) toast(t("form.queued.title"));
  else await leaveFlow(`/sent/${item.client_key}`, FLOW);
}

/** Problems of questions that are on the page go to them; everything else stands above the form. */
function refused(session: FormSession, item: QueuedItem, failure: unknown): void {
  const refusal = refusalOf(failure, item.timezone);
  if (refusal.code === "idempotency_key_reused") draftOf(item.form).renewKey();
  const asked = session.asked.peek().map((field) => field.name);
  const here = failure instanceof ApiError ? failure.errors.filter((error) => asked.includes(error.field)) : [];
  if (here.length > 0) return void session.report(here);
  session.refusal.value = refusal;
  session.attempt.value += 1;
  host.haptic("error");
}
