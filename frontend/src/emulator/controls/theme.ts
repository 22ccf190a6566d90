import { signal } from "@preact/signals";

type Theme = "light" | "dark";

/** The page's own look; the phone's is another matter. */
export const pageTheme = signal<Theme>(document.documentElement.dataset.theme === "dark" ? "dark" : "light");

export function setPageTheme(next: Theme): void {
  pageTheme.value = next;
  document.documentElement.dataset.theme = next;
}
