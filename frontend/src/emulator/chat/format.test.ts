import { describe, expect, it } from "vitest";

import { pieces, size } from "./format";
import { readableOn } from "./Keyboard";

const kinds = (body: string) => pieces(body, []).map(({ kind, text }) => [kind, text]);

describe("a message's text", () => {
  it("has the client's light mark-up", () => {
    expect(kinds("**Сочи.** Код `AER`, см. https://a.ru/x.")).toEqual([
      ["strong", "Сочи."],
      ["plain", " Код "],
      ["code", "AER"],
      ["plain", ", см. "],
      ["link", "https://a.ru/x"],
      ["plain", "."],
    ]);
  });

  it.each(["<b>жирно</b>", "2 * 3 * 4", "** не закрыто", "<img src=x onerror=alert(1)>"])("%s stays as it was typed", (text) => {
    expect(kinds(text)).toEqual([["plain", text]]);
  });

  it("names whom it mentions, and nobody else", () => {
    const mentions = [{ mention_type: "user", mention_id: "a1", mention_data: { name: "Анна" } }];
    expect(pieces("Привет, @{mention:a1} и @{mention:b2}", mentions).map(({ text }) => text)).toEqual(["Привет, ", "@Анна", " и ", "@?"]);
  });
});

describe("small print", () => {
  it.each([
    [900, "0,9 кБ"],
    [15_000, "15 кБ"],
    [100 << 20, "100 МБ"],
  ])("%i bytes", (bytes, words) => {
    expect(size(bytes, "ru").replace(/\s/g, " ")).toBe(words);
  });

  it.each([
    ["#1A5DC8", "#FFFFFF"],
    ["#FCEFD2", "#000000"],
    ["tomato", "#000000"],
  ])("words on %s are %s", (background, color) => {
    expect(readableOn(background)).toBe(color);
  });
});
