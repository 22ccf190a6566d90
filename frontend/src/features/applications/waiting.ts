import { effect } from "@preact/signals";

import { t } from "../../i18n";
import { toast } from "../../ui/Toast";
import type { FormSession } from "./session";

/**
 * «Отправить» while files are on their way: true, and `act` is called when they are all here or not wanted any more,
 * wherever the person has gone meanwhile (ux B5).
 */
export function afterUploads(session: FormSession, act: () => void): boolean {
  if (session.uploads.peek().underWay === 0) return false;
  if (session.waiting.peek()) return true;
  session.waiting.value = true;
  const stop = effect(() => {
    if (session.uploads.value.underWay > 0) return;
    queueMicrotask(() => {
      stop();
      session.waiting.value = false;
      act();
      if (session.uploads.peek().problem) toast(t("form.after.failed"));
    });
  });
  return true;
}
