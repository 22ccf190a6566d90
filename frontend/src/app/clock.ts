import { signal } from "@preact/signals";

/** Milliseconds between the server's business clock and this device; deadlines are the server's (ux.md rule 9). */
const offset = signal(0);

/** `at`: when the device got the answer, for copies of earlier visits. */
export function learnServerTime(iso: string, at = Date.now()): void {
  const server = Date.parse(iso);
  if (!Number.isNaN(server)) offset.value = server - at;
}

/** The server's "now", as well as we know it. */
export function now(): Date {
  return new Date(Date.now() + offset.value);
}

/** The house's own zone, where a period names none. */
export const HOUSE_ZONE = "Europe/Moscow";

/** Redraws whatever reads it: every half minute, and when the page is looked at again. */
export const tick = signal(0);

export function startClock(): void {
  const beat = () => (tick.value += 1);
  setInterval(beat, 30_000);
  document.addEventListener("visibilitychange", beat);
}
