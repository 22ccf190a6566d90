import { Page } from "../../app/Page";
import { t } from "../../i18n";
import { ButtonLink } from "../../ui/Button";

/** No period at all for a form that needs one: home knows when the next one opens. */
export function ClosedPage() {
  return (
    <Page title={t("form.closed.title")} onBack>
      <p>{t("form.closed.text")}</p>
      <div class="actions">
        <ButtonLink href="/">{t("form.refused.home")}</ButtonLink>
      </div>
    </Page>
  );
}
