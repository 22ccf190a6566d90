import { formatMonth } from "../../i18n";
import { Icon } from "../Icon";
import { addMonths, monthOf } from "./days";
import { capital } from "./words";

interface CalendarHeadProps {
  id: string;
  title: string;
  month: string;
  range: { from: string; to: string };
  onMove: (months: number) => void;
}

/** The month's name; arrows only where the range has more than one month, and never beyond it. */
export function CalendarHead({ id, title, month, range, onMove }: CalendarHeadProps) {
  const several = monthOf(range.from) !== monthOf(range.to);
  const move = (months: number) => {
    const to = monthOf(addMonths(month, months));
    return { to, off: to < monthOf(range.from) || to > monthOf(range.to) };
  };
  const arrow = (months: number) => {
    const { to, off } = move(months);
    return (
      <button type="button" class="icon-btn" aria-label={capital(formatMonth(`${to}-01`))} aria-disabled={off}
        onClick={() => off || onMove(months)}>
        <Icon name={months < 0 ? "back" : "next"} />
      </button>
    );
  };
  return (
    <div class={several ? "cal-head several" : "cal-head"}>
      {several && arrow(-1)}
      <h2 id={id} tabIndex={-1} aria-live="polite">
        {title}
      </h2>
      {several && arrow(1)}
    </div>
  );
}
