import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { palettes } from "../testing/palettes";
import { clamp, contrast, isReadable, OURS, PAIRS, schemeOf, type Palette } from "./telegram-colours";

const names = Object.keys(palettes);
const worst = (palette: Palette, least: number) =>
  Math.min(...PAIRS.filter(([, , limit]) => limit === least).map(([ink, paper]) => contrast(palette[ink], palette[paper])));

/** The declarations of `:root` and of the dark theme in the sheet that every page uses. */
function sheet(scheme: "light" | "dark"): Record<string, string> {
  const css = readFileSync(join(import.meta.dirname, "../ui/tokens.css"), "utf8");
  const block = /(?:^|\n)(:root|:root\[data-theme="dark"\]) \{([^}]*)\}/g;
  const found = [...css.matchAll(block)].find(([, selector = ""]) => selector.includes("dark") === (scheme === "dark"));
  return Object.fromEntries([...(found?.[2] ?? "").matchAll(/--([\w-]+): (#[\dA-F]{6})/g)].map(([, name = "", value = ""]) => [name, value]));
}

describe("contrast", () => {
  it("is what WCAG says", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrast("#2481cc", "#FFFFFF")).toBeCloseTo(contrast("#FFFFFF", "#2481cc"), 10);
  });
});

describe("our own palette", () => {
  it.each(["light", "dark"] as const)("%s is the one of the sheet", (scheme) => {
    expect(OURS[scheme]).toEqual(Object.fromEntries(Object.keys(OURS[scheme]).map((name) => [name, sheet(scheme)[name]])));
  });

  it.each(["light", "dark"] as const)("%s is readable", (scheme) => {
    expect(isReadable(OURS[scheme])).toBe(true);
  });
});

describe("a palette of Telegram (UX-117)", () => {
  it("is one of twenty at least", () => {
    expect(names.length).toBeGreaterThanOrEqual(20);
  });

  it.each(names)("%s is readable: text 4.5, controls 3", (name) => {
    const theme = palettes[name] ?? {};
    const palette = clamp(theme, schemeOf(theme) ?? "light");
    expect(worst(palette, 4.5)).toBeGreaterThanOrEqual(4.5);
    expect(worst(palette, 3)).toBeGreaterThanOrEqual(3);
  });

  it.each(names)("%s keeps its page: the app looks like a part of the messenger", (name) => {
    const theme = palettes[name] ?? {};
    const palette = clamp(theme, schemeOf(theme) ?? "light");
    expect([theme.section_bg_color ?? theme.bg_color, theme.bg_color]).toContain(palette.surface);
  });

  it("would fail without the clamp: most of them do", () => {
    const raw = names.filter((name) => {
      const { bg_color = "", hint_color, button_color, button_text_color } = palettes[name] ?? {};
      const pairs: [string | undefined, string | undefined][] = [[hint_color, bg_color], [button_text_color, button_color]];
      return pairs.some(([ink, paper]) => ink && paper && contrast(ink, paper) < 4.5);
    });
    expect(raw.length).toBeGreaterThan(names.length / 2);
  });
});

describe("the clamp", () => {
  const base = palettes["iOS, day"] ?? {};

  it("replaces a failing colour by ours and leaves the others", () => {
    const palette = clamp(base, "light");
    expect([palette.text, palette.bg]).toEqual(["#000000", "#efeff4"]);
    expect(palette["text-2"], "the hint is 3.3:1 on its own page").toBe(OURS.light["text-2"]);
    expect(palette.accent, "white on it would be 4.0:1").toBe(OURS.light.accent);
  });

  it("takes a button with its own text only together where neither goes alone", () => {
    const palette = clamp({ ...palettes["Android, night"], button_text_color: "#000000" }, "dark");
    expect([palette.accent, palette["on-accent"]]).toEqual(["#50a8eb", "#000000"]);
  });

  it.each([
    ["black on black", { bg_color: "#000000", text_color: "#000000", button_color: "#000000", button_text_color: "#010101" }],
    ["grey in grey", { bg_color: "#808080", section_bg_color: "#7f7f7f", text_color: "#888888", link_color: "#777777" }],
    ["white on white", { bg_color: "#ffffff", text_color: "#ffffff", hint_color: "#fefefe", link_color: "#eeeeee" }],
    ["no colours at all", { bg_color: "red", text_color: "rgb(1,2,3)", hint_color: "#fff", link_color: "javascript:1" }],
  ])("makes even %s readable", (_what, theme) => {
    const palette = clamp(theme, schemeOf(theme) ?? "light");
    expect(isReadable(palette)).toBe(true);
    expect(Object.values(palette).every((colour) => /^#[\da-f]{6}$/i.test(colour))).toBe(true);
  });

  it("keeps every pair readable whatever comes", () => {
    let seed = 1;
    const colour = () => `#${Math.floor(((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647) * 0x1000000).toString(16).padStart(6, "0")}`;
    const members = Object.keys(base);
    for (let round = 0; round < 500; round += 1) {
      const theme = Object.fromEntries(members.map((name) => [name, colour()]));
      const palette = clamp(theme, schemeOf(theme) ?? "light");
      const failing = PAIRS.filter(([ink, paper, least]) => contrast(palette[ink], palette[paper]) < least);
      expect(failing, JSON.stringify(theme)).toEqual([]);
    }
  });
});

describe("whether a theme is dark", () => {
  it("is told by its background", () => {
    expect(schemeOf({ bg_color: "#17212b" })).toBe("dark");
    expect(schemeOf({ bg_color: "#EFEFF4" })).toBe("light");
    expect([schemeOf({}), schemeOf({ bg_color: "night" })]).toEqual([null, null]);
  });
});
