import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { t } from "../i18n";
import "./Toast.css";

interface Action {
  label: string;
  run: () => void;
}

interface Shown {
  id: number;
  message: string;
  action?: Action | undefined;
}

const shown = signal<Shown | null>(null);
let nextId = 1;

/** ux B9: long enough to read, longer when there is something to press. */
const READ_MS = 6_000;
const ACT_MS = 10_000;

/** Shows one sentence above the bar; a newer one takes the place of an older one. Never the only place of a fact. */
export function toast(message: string, options: { action?: Action } = {}): void {
  shown.value = { id: nextId++, message, action: options.action };
}

export function dismissToast(): void {
  shown.value = null;
}

/** Stands once in the app's frame. The status region is there before the first toast, so that it is announced. */
export function ToastRegion() {
  const box = useRef<HTMLDivElement>(null);
  const current = shown.value;
  useFocusByKey(box);
  return (
    <div class="toasts" role="status" ref={box} tabIndex={-1} aria-label={t("ui.toast.region")}>
      {current && <ToastBody key={current.id} {...current} />}
    </div>
  );
}

function ToastBody({ message, action }: Shown) {
  const [held, setHeld] = useState(false);
  useCountdown(action ? ACT_MS : READ_MS, held);
  const act = () => {
    dismissToast();
    action?.run();
  };
  return (
    <div
      class="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span class="toast-text">{message}</span>
      {action && (
        <button type="button" onClick={act}>
          {action.label}
        </button>
      )}
    </div>
  );
}

/** The rest of the time starts anew when the pointer or the focus leaves: nobody loses a button while reaching for it. */
function useCountdown(ms: number, held: boolean): void {
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(dismissToast, ms);
    return () => clearTimeout(timer);
  }, [ms, held]);
}

/** F6 goes to the toast and back again to where the person was. */
function useFocusByKey(box: RefObject<HTMLDivElement>): void {
  useEffect(() => {
    let before: HTMLElement | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "F6" || !shown.value || !box.current) return;
      event.preventDefault();
      if (box.current.contains(document.activeElement)) before?.focus();
      else {
        before = document.activeElement as HTMLElement | null;
        (box.current.querySelector("button") ?? box.current).focus();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [box]);
}
