import type { Theme } from "./host";
import type { ThemeParams } from "./telegram-launch";

/** Those of our tokens (ui/tokens.css; a test compares them) that are seen together with colours of the host. */
export const OURS = {
  light: {
    bg: "#F3F5F8", surface: "#FFFFFF", "surface-2": "#E9EDF3", line: "#D3D9E2", "line-strong": "#748094",
    text: "#141D2A", "text-2": "#465366", accent: "#1A5DC8", "on-accent": "#FFFFFF", "accent-soft": "#E2ECFC",
    focus: "#0B3A8F", ok: "#0E6B43", "ok-soft": "#DDF3E7", warn: "#7F4C00", "warn-soft": "#FCEFD2",
    bad: "#B0211A", "bad-soft": "#FCE5E3",
  },
  dark: {
    bg: "#0F141B", surface: "#18202B", "surface-2": "#232E3D", line: "#2F3B4D", "line-strong": "#7D8BA1",
    text: "#E9EEF5", "text-2": "#AAB6C8", accent: "#86B4FF", "on-accent": "#0A1A33", "accent-soft": "#1B3154",
    focus: "#BBD5FF", ok: "#73D6A7", "ok-soft": "#14352A", warn: "#F3C36A", "warn-soft": "#3A2C10",
    bad: "#FF9D95", "bad-soft": "#46211F",
  },
} as const;

export type Token = keyof typeof OURS.light;
export type Palette = Readonly<Record<Token, string>>;
/** What the host may change; everything else stays ours. */
export type Change = Partial<Record<Token, string>>;

const TEXT = 4.5;
const CONTROL = 3;
const PAGES: Token[] = ["bg", "surface"];
const NOTICES: Token[] = ["accent-soft", "ok-soft", "warn-soft", "bad-soft"];

/** What is read or pressed, what it lies on, and how far they have to be apart (WCAG 1.4.3, 1.4.11). */
export const PAIRS: readonly (readonly [Token, Token, number])[] = [
  ...on("text", [...PAGES, "surface-2", ...NOTICES], TEXT),
  ...on("text-2", [...PAGES, "surface-2", ...NOTICES], TEXT),
  ...on("accent", [...PAGES, "surface-2", "accent-soft"], TEXT),
  ...on("on-accent", ["accent"], TEXT),
  ...on("bad", PAGES, TEXT),
  ...on("ok", PAGES, TEXT),
  ...on("warn", PAGES, TEXT),
  ...on("line-strong", PAGES, CONTROL),
  ...on("focus", PAGES, CONTROL),
];

function on(ink: Token, papers: Token[], least: number): (readonly [Token, Token, number])[] {
  return papers.map((paper) => [ink, paper, least] as const);
}

/**
 * The host's colours in the place of ours, as far as everything stays readable (ux.md B7). One change after another is
 * tried on top of those taken before; one that would bring any pair below its limit is left out, so that the result is
 * as good as our own palette whatever comes in.
 */
export function clamp(theme: ThemeParams, scheme: Theme): Palette {
  return wishes(theme).reduce<Palette>((palette, wish) => {
    const tried = { ...palette, ...wish(palette) };
    return isReadable(tried) ? tried : palette;
  }, OURS[scheme]);
}

/** Telegram's names (a page lies under sections; a button may be drawn in another colour than a link). */
function wishes(theme: ThemeParams): ((now: Palette) => Change)[] {
  const [button, onButton] = [theme.button_color, theme.button_text_color];
  return [
    () => given({ surface: theme.section_bg_color ?? theme.bg_color }),
    () => given({ bg: theme.secondary_bg_color ?? theme.bg_color }),
    () => given({ text: theme.text_color }),
    () => given({ "text-2": theme.hint_color }),
    () => given({ "text-2": theme.subtitle_text_color }),
    () => given({ accent: theme.link_color }),
    () => given({ accent: theme.accent_text_color }),
    () => given({ accent: button }),
    () => given({ accent: button, "on-accent": onButton }),
    () => given({ "on-accent": onButton }),
    (now) => ({ "surface-2": mix(now.surface, now.text, 0.09), line: mix(now.surface, now.text, 0.16) }),
    (now) => ({ "accent-soft": mix(now.surface, now.accent, 0.14) }),
  ];
}

/** Only colours that are colours. */
function given(change: Partial<Record<Token, string | undefined>>): Change {
  return Object.fromEntries(Object.entries(change).filter(([, colour]) => colour && /^#[\da-f]{6}$/i.test(colour)));
}

export function isReadable(palette: Palette): boolean {
  return PAIRS.every(([ink, paper, least]) => contrast(palette[ink], palette[paper]) >= least);
}

/** Two colours' distance by WCAG 2: from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Null where the host has not told its background: then its theme is the device's. */
export function schemeOf(theme: ThemeParams): Theme | null {
  const { bg } = given({ bg: theme.bg_color });
  return bg === undefined ? null : luminance(bg) < 0.2 ? "dark" : "light";
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map(linear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function mix(one: string, other: string, share: number): string {
  const [from, to] = [channels(one), channels(other)];
  const mixed = from.map((channel, index) => Math.round(channel + ((to[index] ?? channel) - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
