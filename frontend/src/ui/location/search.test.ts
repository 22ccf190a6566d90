import { describe, expect, it } from "vitest";

import { flight } from "../../testing/fixtures";
import { search } from "./search";

const directions = (locale: "ru" | "en" = "ru") => flight(locale).fields.find((field) => field.name === "direction")?.options ?? [];
const first = (typed: string, locale: "ru" | "en" = "ru") => search(directions(locale), typed)[0]?.code;
const codes = (typed: string) => search(directions(), typed).map((option) => option.code);

describe("the search of directions (UX-108)", () => {
  it.each(["cjxb", "sochi", "AER", "aer", "соч", "Сочи", " сочи ", "ыщсрш", "адлер", "СОЧ"])("«%s» finds Сочи first", (typed) => {
    expect(first(typed)).toBe("aer");
  });

  it.each([
    ["хабаровск", "khv"], ["habarovsk", "khv"], ["khabar", "khv"], ["[f,fhjdcr", "khv"],
    ["шарм эль", "ssh"], ["эль", "ssh"], ["сахалин", "uus"], ["yuzhno", "uus"], ["juzhno", "uus"], ["нижний", "goj"],
    ["blagoveschensk", "bqs"], ["питер", "led"],
  ])("«%s» finds %s", (typed, code) => {
    expect(first(typed)).toBe(code);
  });

  it("finds by Russian letters in the English list", () => {
    expect(first("соч", "en")).toBe("aer");
    expect(first("cjx", "en")).toBe("aer");
  });

  it("puts names that begin so before others", () => {
    expect(codes("са").slice(0, 3).sort()).toEqual(["kuf", "led", "syx"]);
    expect(codes("са")).toContain("uus");
  });

  it("gives everything in its order for an empty search, nothing for a strange one", () => {
    expect(codes("")).toHaveLength(directions().length);
    expect(codes("  ")).toHaveLength(directions().length);
    expect(codes("тикси")).toEqual([]);
  });

  it("treats «ё» as «е»", () => {
    expect(search([{ code: "x", name: "Королёв" }], "королев")).toHaveLength(1);
    expect(search([{ code: "x", name: "Королев" }], "королёв")).toHaveLength(1);
  });
});
