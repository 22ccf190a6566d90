import { signal } from "@preact/signals";

import type { Key } from "../i18n";

/** The tour's stage: what is said, how far it is, and the wish to wait or to stop. */
export const isRunning = signal(false);
export const isPaused = signal(false);
export const caption = signal<{ key: Key; params: Record<string, string | number> } | null>(null);
export const step = signal({ now: 0, of: 1 });

/** Thrown to end the tour: by whoever watches it, or because something did not happen. */
export class Ended extends Error {}
/** Why a tour ended that somebody did not want to see to its end. */
export const STOPPED = "stopped";

const LOOK_MS = 60;

/** Ten times as fast when nobody watches. */
let pace = 1;
let stopped = false;

export function begin(scenes: number, isWatched: boolean): void {
  pace = isWatched ? 1 : 0.1;
  stopped = false;
  isPaused.value = false;
  isRunning.value = true;
  step.value = { now: 0, of: scenes };
}

export function stop(): void {
  stopped = true;
}

export function say(key: Key, params: Record<string, string | number> = {}): void {
  caption.value = { key, params };
}

/** Time to read or to look, in milliseconds; a paused tour stands here until it may go on. */
export async function dwell(ms: number): Promise<void> {
  let left = ms * pace;
  do {
    await tick();
    if (!isPaused.value) left -= LOOK_MS;
  } while (left > 0 || isPaused.value);
}

/** Waits until something is true and returns it; otherwise the tour fails with these words. */
export async function until<T>(what: string, look: () => T | null | undefined | false, seconds = 15): Promise<T> {
  for (let left = seconds * 1000; left > 0; left -= isPaused.value ? 0 : LOOK_MS) {
    const found = look();
    if (found) return found;
    await tick();
  }
  throw new Ended(`it did not happen: ${what}`);
}

async function tick(): Promise<void> {
  if (stopped) throw new Ended(STOPPED);
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
