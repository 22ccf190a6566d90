import { api } from "../../api/client";
import type { PatchPreferences, Preferences, Topic } from "../../api/types";
import { data } from "../../app/data";
import { t } from "../../i18n";
import { toast } from "../../ui/Toast";

/** Topics in the order of a month; the last one is for whoever decides. */
export const TOPICS: readonly Topic[] = ["openings", "reminders", "receipts", "digests"];

let saving: Promise<void> = Promise.resolve();
/** Changes on their way: what the server says of an earlier one does not undo a later one on the screen. */
let waiting = 0;

/** At once on the screen, behind it on the server, one change after the other; one that is refused is taken back. */
export function change(patch: PatchPreferences): Promise<void> {
  const known = data.notifications();
  const before = known.data.peek();
  if (before) known.data.value = shown(before, patch);
  waiting += 1;
  return (saving = saving.then(() => save(patch)));
}

async function save(patch: PatchPreferences): Promise<void> {
  const known = data.notifications();
  try {
    const after = await api.patchNotifications(patch);
    if (waiting === 1) known.set(after);
  } catch {
    toast(t("notify.failed"));
    known.outdate();
  } finally {
    waiting -= 1;
  }
}

function shown(before: Preferences, patch: PatchPreferences): Preferences {
  const { timezone, ...rest } = patch;
  const zone = timezone === undefined ? {} : { timezone: timezone ?? before.timezone, timezone_chosen: timezone !== null };
  return { ...before, ...rest, ...zone };
}
