import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { locale } from "../../i18n";
import { Calendar } from "./Calendar";
import type { DayRules } from "./rules";

const rules: DayRules = {
  min: "2027-01-01",
  max: "2027-01-31",
  excluded: [
    { from: "2027-01-01", to: "2027-01-08", reason: "closed", text: "Рейсы на 1–8 января распределены" },
    { from: "2027-01-18", to: "2027-01-24", reason: "vacation", text: "18–24 января у вас отпуск" },
  ],
  holidays: ["2027-01-01", "2027-01-07", "2027-01-09"],
  requested: ["2027-01-12"],
  demand: { "2027-01-15": 3 },
  today: "2027-01-10",
};

const onChange = vi.fn<(iso: string) => void>();
const day = (iso: string) => document.querySelector<HTMLElement>(`[data-day="${iso}"]`) as HTMLElement;
const name = (iso: string) => (day(iso).getAttribute("aria-label") ?? "").replaceAll("\u00a0", " ");
const words = (element: HTMLElement | null) => (element?.textContent ?? "").replace(/[\u00a0\u2060]/g, (space) => (space === "\u00a0" ? " " : ""));
const tabStops = () => [...document.querySelectorAll("[data-day][tabindex='0']")].map((each) => each.getAttribute("data-day"));
const key = (code: string) => fireEvent.keyDown(document.activeElement as Element, { key: code });

function draw(change: Partial<DayRules> = {}, value: string | null = null) {
  render(<Calendar rules={{ ...rules, ...change }} value={value} onChange={onChange} />);
}

beforeEach(() => {
  onChange.mockClear();
  locale.value = "ru";
});
afterEach(cleanup);

describe("the month grid", () => {
  it("is a grid named by its month, with full weekday names and one tab stop", () => {
    draw();
    const grid = screen.getByRole("grid", { name: "Январь 2027" });
    expect(within(grid).getAllByRole("columnheader").map((head) => head.getAttribute("abbr"))[0]).toBe("понедельник");
    expect(tabStops()).toEqual(["2027-01-10"]);
    expect(document.querySelectorAll("[data-day]")).toHaveLength(31);
  });

  it("moves its tab stop when the day turns out to be another one, until a person has moved it", () => {
    const drawn = (today: string) => <Calendar rules={{ ...rules, today }} value={null} onChange={onChange} />;
    const { rerender } = render(drawn("2027-01-12"));
    expect(tabStops()).toEqual(["2027-01-12"]);
    rerender(drawn("2027-01-11"));
    expect(tabStops()).toEqual(["2027-01-11"]);
    day("2027-01-11").focus();
    key("ArrowRight");
    rerender(drawn("2027-01-10"));
    expect(tabStops()).toEqual(["2027-01-12"]);
  });

  it("names a kept day that is no longer possible, with the reason", () => {
    draw({}, "2026-12-15");
    expect(words(screen.getByRole("status"))).toContain("15 декабря 2026, вторник. Этот день уже прошёл.");
    expect(document.querySelectorAll("[aria-selected='true']")).toHaveLength(0);
  });

  it("names every day beginning with its number", () => {
    draw();
    expect(name("2027-01-15")).toBe("15 января, пятница, заявок больше, чем мест");
    expect(name("2027-01-20")).toBe("20 января, среда, недоступно: отпуск");
    expect(name("2027-01-09")).toBe("9 января, суббота, праздник");
    expect(name("2027-01-10")).toBe("10 января, воскресенье, сегодня");
    expect(name("2027-01-12")).toBe("12 января, вторник, есть заявка");
    expect(name("2027-01-01")).toBe("1 января, пятница, праздник, недоступно: приём закрыт");
  });

  it("says the rule above itself", () => {
    draw();
    const grid = screen.getByRole("grid");
    const rule = document.getElementById(grid.getAttribute("aria-describedby") ?? "");
    expect(words(rule)).toBe("Можно выбрать 9–31 января, кроме 18–24 января");
  });

  it("marks the chosen day on its cell", () => {
    draw({}, "2027-01-15");
    expect(day("2027-01-15").parentElement?.getAttribute("aria-selected")).toBe("true");
    expect(document.querySelectorAll("[aria-selected='true']")).toHaveLength(1);
    expect(tabStops()).toEqual(["2027-01-15"]);
  });

  it("has no arrows for one month, and arrows that stop at the ends for several", () => {
    draw();
    expect(screen.queryByRole("button", { name: /2026|Февраль/ })).toBeNull();
    cleanup();
    draw({ min: "2026-12-10", excluded: [], today: "2026-12-10" });
    fireEvent.click(screen.getByRole("button", { name: /Ноябрь/ }));
    expect(screen.getByRole("heading").textContent).toMatch(/Декабрь/);
    fireEvent.click(screen.getByRole("button", { name: /Январь/ }));
    expect(screen.getByRole("heading").textContent).toMatch(/Январь/);
    expect(screen.getByRole("button", { name: /Февраль/ }).getAttribute("aria-disabled")).toBe("true");
  });
});

describe("choosing", () => {
  it("takes a free day", () => {
    draw();
    fireEvent.click(day("2027-01-15"));
    expect(onChange).toHaveBeenCalledExactlyOnceWith("2027-01-15");
  });

  it("tells why a day cannot be chosen and what is near; nothing changes (UX-104)", () => {
    draw({}, "2027-01-15");
    fireEvent.click(day("2027-01-20"));
    expect(words(screen.getByRole("status"))).toBe("18–24 января у вас отпуск. Ближайшие свободные: 17 и 25 января.");
    expect(day("2027-01-15").parentElement?.getAttribute("aria-selected")).toBe("true");
    expect(onChange).not.toHaveBeenCalled();
  });

  it("tells a past day from a day outside the period", () => {
    draw({ min: "2027-01-10", excluded: [], max: "2027-01-20" });
    fireEvent.click(day("2027-01-05"));
    expect(words(screen.getByRole("status"))).toBe("Этот день уже прошёл. Ближайшая свободная: 10 января.");
    fireEvent.click(day("2027-01-25"));
    expect(words(screen.getByRole("status"))).toBe("Эта дата не входит в период. Ближайшая свободная: 20 января.");
  });

  it("keeps unavailable days reachable", () => {
    draw();
    expect(day("2027-01-20").getAttribute("aria-disabled")).toBe("true");
    expect(day("2027-01-20").hasAttribute("disabled")).toBe(false);
  });
});

describe("the keyboard (UX-105)", () => {
  it("moves the one tab stop with the focus, over days that cannot be chosen too", () => {
    draw();
    day("2027-01-10").focus();
    key("ArrowDown");
    key("ArrowRight");
    expect(document.activeElement).toBe(day("2027-01-18"));
    expect(tabStops()).toEqual(["2027-01-18"]);
    key("End");
    expect(document.activeElement).toBe(day("2027-01-24"));
  });

  it("jumps by digits and turns the month", () => {
    draw({ max: "2027-02-28" });
    day("2027-01-10").focus();
    key("2");
    key("5");
    expect(document.activeElement).toBe(day("2027-01-25"));
    key("PageDown");
    expect(document.activeElement).toBe(day("2027-02-25"));
    expect(screen.getByRole("heading").textContent).toMatch(/Февраль/);
  });

  it("leaves shortcuts of the browser alone", () => {
    draw();
    day("2027-01-10").focus();
    fireEvent.keyDown(day("2027-01-10"), { key: "ArrowDown", altKey: true });
    expect(document.activeElement).toBe(day("2027-01-10"));
  });
});
