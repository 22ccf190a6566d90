import { signal } from "@preact/signals";

import { host } from "../../platform";

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
    // A private window forgets it with the tab, a foreign frame may not use it: the host's store knows it still.
  }
  void host.storage.set(KEY, on);
}

/** What the host's own store remembers, where the page's may not be used. */
export async function restoreSimple(): Promise<void> {
  simple.value = (await host.storage.get<boolean>(KEY)) ?? simple.peek();
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}
