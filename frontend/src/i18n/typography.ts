/** Non-breaking spaces of ux.md 0.5: after «№», before a dash, between a number and its word. */
export function unbreak(text: string): string {
  return text
    .replace(/№ /g, "№\u00a0")
    .replace(/ —/g, "\u00a0—")
    .replace(/(\d) (?=[\p{L}])/gu, "$1\u00a0");
}
