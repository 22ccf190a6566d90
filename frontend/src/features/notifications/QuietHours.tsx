import type { Preferences, QuietHours as Quiet } from "../../api/types";
import { t } from "../../i18n";
import { MultiChoice } from "../../ui/fields/ChoiceField";
import { SelectField } from "../../ui/fields/SelectField";
import { change } from "./preferences";
import { ZONES, zoneWords } from "./zones";

const HALF_HOURS = Array.from({ length: 48 }, (_, index) => {
  const time = `${String(Math.floor(index / 2)).padStart(2, "0")}:${index % 2 === 0 ? "00" : "30"}`;
  return { code: time, name: time };
});
const BASE = "";

/** When everything but the urgent waits, by whose clock. */
export function QuietHours({ preferences }: { preferences: Preferences }) {
  const { quiet } = preferences;
  const set = (part: Partial<Quiet>) => void change({ quiet: { ...quiet, ...part } });
  return (
    <>
      <MultiChoice name="quiet" label={t("notify.quiet")} hint={t("notify.quiet.hint")}
        options={[{ code: "on", name: t("notify.quiet.on") }]} value={quiet.on ? ["on"] : []}
        onChange={(codes) => set({ on: codes.length > 0 })} />
      {quiet.on && (
        <div class="times">
          <SelectField name="quiet-from" label={t("notify.quiet.from")} options={times(quiet.from)} value={minutes(quiet.from)}
            onChange={(from) => set({ from })} />
          <SelectField name="quiet-to" label={t("notify.quiet.to")} options={times(quiet.to)} value={minutes(quiet.to)}
            onChange={(to) => set({ to })} />
        </div>
      )}
      <Zone preferences={preferences} />
    </>
  );
}

function Zone({ preferences: { timezone, timezone_chosen } }: { preferences: Preferences }) {
  const base = timezone_chosen ? t("notify.zone.base") : t("notify.zone.base.now", { zone: zoneWords(timezone) });
  const foreign = timezone_chosen && !(ZONES as readonly string[]).includes(timezone) ? [timezone] : [];
  const options = [
    { code: BASE, name: base },
    ...[...ZONES, ...foreign].map((code) => ({ code, name: zoneWords(code) })),
  ];
  return (
    <SelectField name="timezone" label={t("notify.zone")} options={options} value={timezone_chosen ? timezone : BASE}
      onChange={(zone) => void change({ timezone: zone === BASE ? null : zone })} />
  );
}

/** «22:00:00» of the server is «22:00» of people. */
function minutes(time: string): string {
  return time.slice(0, 5);
}

/** Whatever somebody has set elsewhere stays one of the choices. */
function times(now: string) {
  const time = minutes(now);
  return HALF_HOURS.some(({ code }) => code === time) ? HALF_HOURS : [{ code: time, name: time }, ...HALF_HOURS];
}
