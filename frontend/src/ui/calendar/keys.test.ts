import { describe, expect, it } from "vitest";

import { createDigitJump, moveBy } from "./keys";

const january = { from: "2027-01-01", to: "2027-01-31" };
const quarter = { from: "2026-11-01", to: "2027-01-31" };
const press = (key: string, from: string, range = january, shift = false) => moveBy(key, shift, from, range);

describe("the calendar's keys (UX-105)", () => {
  it.each([
    ["ArrowLeft", "2027-01-14"],
    ["ArrowRight", "2027-01-16"],
    ["ArrowUp", "2027-01-08"],
    ["ArrowDown", "2027-01-22"],
    ["Home", "2027-01-11"],
    ["End", "2027-01-17"],
  ])("%s from the 15th goes to %s", (key, day) => {
    expect(press(key, "2027-01-15")).toBe(day);
  });

  it("stays inside the range", () => {
    expect(press("ArrowLeft", "2027-01-01")).toBe("2027-01-01");
    expect(press("ArrowUp", "2027-01-03")).toBe("2027-01-03");
    expect(press("ArrowDown", "2027-01-28")).toBe("2027-01-28");
    expect(press("Home", "2027-01-02")).toBe("2027-01-01");
    expect(press("End", "2027-01-31")).toBe("2027-01-31");
    expect(press("PageDown", "2027-01-15")).toBe("2027-01-15");
    expect(press("PageUp", "2027-01-15", january, true)).toBe("2027-01-15");
  });

  it("walks over the edge of a month where the range goes on", () => {
    expect(press("ArrowLeft", "2027-01-01", quarter)).toBe("2026-12-31");
  });

  it("goes by months and years, to the last day of a shorter month", () => {
    expect(press("PageUp", "2026-12-31", quarter)).toBe("2026-11-30");
    expect(press("PageDown", "2026-11-30", quarter)).toBe("2026-12-30");
    const years = { from: "2024-01-01", to: "2028-12-31" };
    expect(press("PageDown", "2024-02-29", years, true)).toBe("2025-02-28");
    expect(press("PageUp", "2027-01-15", years, true)).toBe("2026-01-15");
  });

  it("leaves other keys to the browser", () => {
    expect(press("Tab", "2027-01-15")).toBeNull();
    expect(press("Enter", "2027-01-15")).toBeNull();
  });
});

describe("typed digits", () => {
  it("jump to the day; a second digit soon after makes it two", () => {
    const jump = createDigitJump();
    expect(jump("1", "2027-01-20", 0)).toBe("2027-01-01");
    expect(jump("5", "2027-01-01", 300)).toBe("2027-01-15");
    expect(jump("7", "2027-01-15", 5_000)).toBe("2027-01-07");
  });

  it("begin anew where the two make no day of this month", () => {
    const jump = createDigitJump();
    jump("4", "2027-01-20", 0);
    expect(jump("2", "2027-01-04", 100)).toBe("2027-01-02");
    expect(jump("0", "2027-01-02", 3_000)).toBeNull();
  });
});
