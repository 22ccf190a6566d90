import { describe, expect, it } from "vitest";

import { channels, contrast, nameOf } from "./scan";

const first = (html: string) => {
  document.body.innerHTML = html;
  return document.querySelector<HTMLElement>("[data-it]") ?? document.body;
};

describe("a look at the screen", () => {
  it.each([
    ["<button data-it>Отправить</button>", "Отправить"],
    ["<button data-it aria-label='Назад'><svg/></button>", "Назад"],
    ["<button data-it><svg/></button>", ""],
    ["<label>Место <input data-it></label>", "Место"],
    ["<b id='n'>Чат</b><select data-it aria-labelledby='n'></select>", "Чат"],
    ["<input data-it aria-labelledby='nobody'>", ""],
    ["<textarea data-it title='Слова'>уже написано</textarea>", "Слова"],
  ])("%s is called «%s»", (html, name) => {
    expect(nameOf(first(html))).toBe(name);
  });

  it("counts contrast as WCAG does", () => {
    const ratio = (one: string, other: string) => contrast(channels(one) ?? [0, 0, 0, 1], channels(other) ?? [0, 0, 0, 1]);
    expect(ratio("rgb(0, 0, 0)", "rgb(255, 255, 255)")).toBe(21);
    expect(ratio("rgb(119, 119, 119)", "rgba(255, 255, 255, 1)")).toBeCloseTo(4.48, 2);
    expect(channels("rgba(1, 2, 3, 0.5)")).toEqual([1, 2, 3, 0.5]);
    expect(channels("color(srgb 1 1 1)")).toBeNull();
  });
});
