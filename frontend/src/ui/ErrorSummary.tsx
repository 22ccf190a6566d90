import { useEffect, useRef } from "preact/hooks";

import { t } from "../i18n";
import "./ErrorSummary.css";

export interface SummaryItem {
  /** Id of the field's control or group. */
  target: string;
  message: string;
}

/** All problems of a form at its top. It takes the focus instead of shouting (no role=alert), ux B4. */
export function ErrorSummary({ items, stamp }: { items: SummaryItem[]; stamp: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.scrollIntoView({ block: "start" });
  }, [stamp]);
  return (
    <div class="summary" ref={box} tabIndex={-1} role="group" aria-labelledby="summary-title">
      <h2 id="summary-title">{t("ui.errors.title")}</h2>
      <ul>
        {items.map(({ target, message }) => (
          <li key={target}>
            <a href={`#${target}`} onClick={(event) => go(event, target)}>
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The hash belongs to the router: the link only moves the focus. */
function go(event: Event, target: string): void {
  event.preventDefault();
  focusField(target);
}

/** Focus on the control with this id, or on the main one inside the group with this id. */
export function focusField(id: string): void {
  const element = document.getElementById(id);
  if (!element) return;
  const control = controlOf(element);
  control?.focus({ preventScroll: true });
  (element.closest(".field") ?? element).scrollIntoView({ block: "start" });
}

function controlOf(element: HTMLElement): HTMLElement | null {
  if (element.matches("input, textarea, button")) return element;
  // a chosen radio, else the first; in a calendar the day that holds the tab stop, not an arrow
  const ways = ["input:checked", "input, textarea, [data-day][tabindex='0']", "button"];
  return ways.map((way) => element.querySelector<HTMLElement>(way)).find(Boolean) ?? null;
}
