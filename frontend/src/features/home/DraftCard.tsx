import { useId } from "preact/hooks";

import type { FormSummary } from "../../api/types";
import { now } from "../../app/clock";
import { formatMoment, t } from "../../i18n";
import { Button, ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { toast } from "../../ui/Toast";
import { draftOf } from "../applications/drafts";
import { newPath } from "../applications/paths";
import { useDraft } from "../applications/useDraft";

/** What was begun and not sent: its name, what is missing, and the way on. */
export function DraftCard({ form }: { form: FormSummary }) {
  const id = useId();
  const draft = useDraft(form.id);
  if (!draft) return null;
  const title = draft.title || form.title;
  return (
    <Card labelledBy={id}>
      <div class="draft">
        <div>
          <h2 id={id}>{t("home.draft", { title })}</h2>
          <p class="small">
            {draft.note && (/[.!?]$/.test(draft.note) ? `${draft.note} ` : `${draft.note}. `)}
            {t("home.draft.saved", { moment: formatMoment(draft.savedAt, now()) })}
          </p>
        </div>
        <div class="actions">
          <ButtonLink href={newPath(form.id)} variant="secondary">
            {t("home.draft.continue")}
          </ButtonLink>
          <Button variant="text" onClick={() => remove(form.id)}>
            {t("home.draft.remove")}
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** Gone at once, and back by one press: undo beats confirm (ux.md rule 6). */
function remove(form: string): void {
  const keeper = draftOf(form);
  const answers = keeper.draft.peek()?.answers ?? {};
  const restore = () => Object.keys(answers).forEach((name) => keeper.change(name, answers));
  void keeper.discard();
  toast(t("home.draft.removed"), { action: { label: t("app.cancel"), run: restore } });
}
