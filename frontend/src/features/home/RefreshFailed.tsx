import type { AnyResource } from "../../app/data";
import { sentence } from "../../app/failure";
import { formatTime, t } from "../../i18n";
import { host } from "../../platform";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Card";

/** What we knew stays on the screen; the person learns how old it is and may ask again. Offline has its banner. */
export function RefreshFailed({ of }: { of: AnyResource[] }) {
  const failed = of.filter((each) => each.error.value !== null);
  const first = failed[0];
  if (!first || !host.online.value) return null;
  const at = Math.min(...failed.map((each) => each.loadedAt.value).filter((moment) => moment > 0));
  const text = Number.isFinite(at)
    ? t("net.failed", { time: formatTime(new Date(at).toISOString()) })
    : sentence(first.error.value);
  const busy = failed.some((each) => each.loading.value);
  return (
    <div role="status">
      <Notice tone="warn" title={text}>
        <Button variant="secondary" busy={busy} onClick={() => of.forEach((each) => void each.refresh())}>
          {t("app.retry")}
        </Button>
      </Notice>
    </div>
  );
}
