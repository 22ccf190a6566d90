import { signal } from "@preact/signals";

/** Wide enough for two panes (ux.md H: ≥ 1024). */
const list = matchMedia("(min-width: 64rem)");
export const wide = signal(list.matches);
list.addEventListener("change", () => (wide.value = list.matches));
