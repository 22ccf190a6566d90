import { ApiError } from "../../api/errors";
import { t } from "../../i18n";
import { Notice } from "../../ui/Card";

/** What happened and what is safe; the server's own reasons where it gave any. */
export function SaveFailed({ error, details = [] }: { error: unknown; details?: string[] }) {
  const said = error instanceof ApiError && !error.network && details.length === 0 ? [error.detail] : details;
  return (
    <div role="alert">
      <Notice tone="bad" title={t("first.failed")}>
        {said.filter(Boolean).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Notice>
    </div>
  );
}
