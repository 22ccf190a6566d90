import { t } from "../../i18n";
import { monthOf } from "./days";
import type { DayRules } from "./rules";

/** What the marks under the numbers mean; a day's name says it too, so this is for eyes only. */
export function CalendarKey({ rules, month }: { rules: DayRules; month: string }) {
  const shown = (iso: string) => monthOf(iso) === monthOf(month);
  const demand = Object.keys(rules.demand).some(shown);
  const requested = rules.requested.some(shown);
  if (!demand && !requested) return null;
  return (
    <p class="cap cal-key" aria-hidden="true">
      {requested && <KeyItem mark="requested" text={t("ui.cal.requested")} />}
      {demand && ([1, 2, 3] as const).map((level) => (
        <KeyItem key={level} mark={`level-${String(level)}`} text={t(`ui.cal.key.${level}`)} />
      ))}
    </p>
  );
}

function KeyItem({ mark, text }: { mark: string; text: string }) {
  return (
    <span>
      <b class={mark} />
      {text}
    </span>
  );
}
