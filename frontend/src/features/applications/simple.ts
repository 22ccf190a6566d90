import { signal } from "@preact/signals";

/** «Упрощённый режим» (ux B1): a habit of this device, so it needs no server and no person. */
const KEY = "express-bot:simple";

export const simple = signal(read());

export function isSimple(): boolean {
  return simple.peek();
}

export function chooseSimple(on: boolean): void {
  simple.value = on;
  try {
    localStorage.setItem(KEY, on ? "1" : "");
  } catch {
    // A private window forgets it with the tab.
  }
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}
