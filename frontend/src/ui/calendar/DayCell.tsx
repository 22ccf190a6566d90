import { dayOf } from "./days";
import { refusal, type DayRules } from "./rules";
import { dayName, weekdayNames } from "./words";

interface DayCellProps {
  iso: string | null;
  column: number;
  rules: DayRules;
  selected: boolean;
  tabbable: boolean;
  onPress: (iso: string) => void;
}

export function DayCell({ iso, column, rules, selected, tabbable, onPress }: DayCellProps) {
  if (iso === null) return <td />;
  const refused = refusal(iso, rules);
  const name = dayName(iso, rules, weekdayNames()[column]?.long ?? "");
  return (
    <td aria-selected={selected}>
      <button
        type="button"
        class={look(iso, rules)}
        tabIndex={tabbable ? 0 : -1}
        aria-disabled={refused ? "true" : undefined}
        aria-label={name}
        data-day={iso}
        data-level={refused ? undefined : rules.demand[iso]}
        onClick={() => onPress(iso)}
      >
        {dayOf(iso)}
        <i />
      </button>
    </td>
  );
}

function look(iso: string, rules: DayRules): string {
  const refused = refusal(iso, rules);
  return [
    "day",
    iso === rules.today && "today",
    rules.holidays.includes(iso) && "holiday",
    rules.requested.includes(iso) && "requested",
    refused?.code === "excluded" && refused.range.reason === "vacation" && "vacation",
  ]
    .filter(Boolean)
    .join(" ");
}
