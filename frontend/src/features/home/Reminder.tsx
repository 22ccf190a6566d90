import { api } from "../../api/client";
import type { Period, ReminderChoice } from "../../api/types";
import { data, useResource } from "../../app/data";
import { dayIn, formatDayShort, t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";

/** «Напомнить, когда откроется», and the way back. */
export function Reminder({ period }: { period: Period }) {
  const { data: known, error } = useResource(data.reminder(period.id));
  if (!known.value && !error.value) return <Skeleton heights={[3]} />;
  if (known.value?.choice !== "wanted") {
    return (
      <Button wide onClick={() => void choose(period, "wanted")}>
        {t("home.remind")}
      </Button>
    );
  }
  const day = formatDayShort(dayIn(new Date(period.opens_at), period.timezone));
  return (
    <div class="reminded" role="status">
      <p class="period-line">
        <Icon name="check" />
        <span>{t("home.remind.on", { day })}</span>
      </p>
      <Button variant="text" onClick={() => void choose(period, "none")}>
        {t("home.remind.off")}
      </Button>
    </div>
  );
}

/** At once on the screen; taken back when the server has not heard of it. */
async function choose(period: Period, choice: ReminderChoice["choice"]): Promise<void> {
  const known = data.reminder(period.id);
  const before = known.data.peek();
  known.data.value = { period: period.id, choice };
  try {
    known.set(await api.setReminder(period.id, choice));
  } catch {
    known.data.value = before;
    toast(t("home.remind.failed"));
  }
}
