import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import { formatDay, formatMonth } from "../../i18n";
import "./Calendar.css";
import { CalendarHead } from "./CalendarHead";
import { CalendarKey } from "./CalendarKey";
import { addMonths, clamp, monthOf, weeksOf } from "./days";
import { DayCell } from "./DayCell";
import { createDigitJump, moveBy } from "./keys";
import { firstChoice, refusal, shownRange, type DayRules } from "./rules";
import { capital, refusalSentence, ruleSentence, weekdayNames } from "./words";

export interface CalendarProps {
  rules: DayRules;
  value: string | null;
  onChange: (iso: string) => void;
  /** Id for the month's heading: a repeat chip puts the focus there. */
  headingId?: string;
  describedBy?: string | undefined;
  invalid?: boolean;
}

/** A month grid with one tab stop (ux B2). Days that cannot be chosen stay reachable, so that their reason is heard. */
export function Calendar({ rules, value, onChange, headingId, describedBy, invalid }: CalendarProps) {
  const ownId = useId();
  const heading = headingId ?? ownId;
  const { range, focus, setFocus, refused, choose } = useChoice(rules, value, onChange);
  const grid = useGridKeys(focus, range, setFocus);
  const rule = ruleSentence(rules);
  const described = [rule && `${heading}-rule`, describedBy].filter(Boolean).join(" ");
  return (
    <div class="cal-wrap">
      {rule && (
        <p class="small" id={`${heading}-rule`}>
          {rule}
        </p>
      )}
      <div class={invalid ? "card cal invalid" : "card cal"}>
        <CalendarHead id={heading} title={capital(formatMonth(focus))} month={focus} range={range}
          onMove={(months) => setFocus(clamp(addMonths(focus, months), range.from, range.to))} />
        <table role="grid" aria-labelledby={heading} aria-describedby={described || undefined}
          aria-invalid={invalid ? "true" : undefined} ref={grid.ref} onKeyDown={grid.onKeyDown}>
          <Weekdays />
          <Weeks rules={rules} value={value} focus={focus} onPress={choose} />
        </table>
        <CalendarKey rules={rules} month={focus} />
      </div>
      <p class={refused ? "cal-status why" : "cal-status"} role="status">
        {refused ?? (value ? formatDay(value) : "")}
      </p>
    </div>
  );
}

/** The day under the focus, and the answer to a press: the day, or why not. Until somebody moves it the focus follows
 *  the rules: the server's word on what day it is may come after the first drawing. */
function useChoice(rules: DayRules, value: string | null, onChange: (iso: string) => void) {
  const range = shownRange(rules);
  const [moved, setFocus] = useState<string | null>(null);
  const focus = clamp(moved ?? value ?? firstChoice(rules), range.from, range.to);
  const [pressed, setRefused] = useState<string | null>(null);
  const refused = pressed ?? outdated(value, rules);
  // with the drawing, not after it: a key pressed at once starts from the chosen day and is not taken back
  useLayoutEffect(() => {
    setFocus((held) => value ?? held);
    setRefused(null);
  }, [value, range.from, range.to]);
  const choose = (iso: string) => {
    setFocus(iso);
    const why = refusal(iso, rules);
    setRefused(why && refusalSentence(iso, why, rules));
    if (!why) onChange(iso);
  };
  return { range, focus, setFocus, refused, choose };
}

/** A kept answer that the rules of today refuse, such as a draft's day of a month that has closed: said, not hidden. */
function outdated(value: string | null, rules: DayRules): string | null {
  const why = value ? refusal(value, rules) : null;
  return value && why && `${formatDay(value)}. ${refusalSentence(value, why, rules)}`;
}

interface WeeksProps {
  rules: DayRules;
  value: string | null;
  focus: string;
  onPress: (iso: string) => void;
}

function Weeks({ rules, value, focus, onPress }: WeeksProps) {
  return (
    <tbody>
      {weeksOf(focus).map((week, index) => (
        <tr key={`${monthOf(focus)}-${String(index)}`}>
          {week.map((iso, column) => (
            <DayCell key={column} iso={iso} column={column} rules={rules} selected={iso === value}
              tabbable={iso === focus} onPress={onPress} />
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Weekdays() {
  return (
    <thead>
      <tr>
        {weekdayNames().map(({ short, long }) => (
          <th key={long} scope="col" abbr={long}>
            {short}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Keys move the focus between the day buttons; choosing is the button's own press. */
function useGridKeys(focus: string, range: { from: string; to: string }, setFocus: (iso: string) => void) {
  const ref = useRef<HTMLTableElement>(null);
  const follow = useRef(false);
  const jump = useRef(createDigitJump());
  // before the next key: «right, Enter» pressed quickly must choose the new day
  useLayoutEffect(() => {
    if (!follow.current) return;
    follow.current = false;
    ref.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }, [focus]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const digit = /^\d$/.test(event.key);
    const next = digit ? jump.current(event.key, focus, event.timeStamp) : moveBy(event.key, event.shiftKey, focus, range);
    if (next === null) return;
    event.preventDefault();
    follow.current = next !== focus;
    setFocus(next);
  };
  return { ref, onKeyDown };
}
