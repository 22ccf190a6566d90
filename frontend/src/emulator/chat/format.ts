import type { Mention } from "../data/types";

/** A piece of a message as the client shows it. */
export interface Piece {
  text: string;
  kind: "plain" | "strong" | "code" | "mention" | "link";
}

const MENTION = /(?:@|@@|##)\{mention:([0-9a-f-]+)\}/g;
const MARKS = /(\*\*[^*\n]+\*\*|`[^`\n]+`|\uE000[^\uE000]*\uE000|https?:\/\/[^\s<>()]*[^\s<>().,;:!?])/;

/** The client's own light mark-up: bold, code, mentions, addresses. Anything else stays as it was typed. */
export function pieces(body: string, mentions: readonly Mention[]): Piece[] {
  const named = body.replace(MENTION, (_all, id: string) => `\uE000${nameOf(id, mentions)}\uE000`);
  return named
    .split(MARKS)
    .filter((text) => text !== "")
    .map(piece);
}

function piece(text: string): Piece {
  if (/^\*\*[^*\n]+\*\*$/.test(text)) return { kind: "strong", text: text.slice(2, -2) };
  if (/^`[^`\n]+`$/.test(text)) return { kind: "code", text: text.slice(1, -1) };
  if (text.startsWith("\uE000")) return { kind: "mention", text: text.slice(1, -1) };
  if (/^https?:\/\//.test(text)) return { kind: "link", text };
  return { kind: "plain", text };
}

function nameOf(id: string, mentions: readonly Mention[]): string {
  const mention = mentions.find((each) => each.mention_id === id);
  return `@${mention?.mention_data?.name ?? mention?.mention_type ?? "?"}`;
}

/** 12 KB, 3,4 MB: sizes as people read them, in the given language. */
export function size(bytes: number, locale: string): string {
  const [value, unit] = bytes < 1 << 20 ? [bytes / 1024, "kilobyte"] : [bytes / (1 << 20), "megabyte"];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, style).format(value);
}

export function clock(moment: string, locale: string, withSeconds = false): string {
  const seconds = withSeconds ? ({ second: "2-digit", fractionalSecondDigits: 3 } as const) : {};
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false, ...seconds }).format(new Date(moment));
}
