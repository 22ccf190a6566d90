import { afterEach, beforeAll, describe, expect, it } from "vitest";

import {
  fill,
  formatDay,
  formatDayList,
  formatDayShort,
  formatDeadline,
  formatMoment,
  formatMonth,
  formatRange,
  setLocale,
  t,
  type Message,
} from ".";
import { en } from "./en";
import { ru } from "./ru";

const plain = (text: string) => text.replace(/\u00a0/g, " ");
const forms = (message: Message) => (typeof message === "string" ? [message] : Object.values(message));
const placeholders = (message: Message) => [...new Set(forms(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();
const keys = Object.keys(ru) as (keyof typeof ru)[];

/** One or several, with no number in the sentence: two forms are enough. */
const uncounted: string[] = ["ui.cal.nearest"];

describe("catalogs", () => {
  it("have the same keys", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ru).sort());
  });

  it.each(keys)("%s has the same placeholders in both languages", (key) => {
    expect(placeholders(en[key])).toEqual(placeholders(ru[key]));
  });

  it.each(keys)("%s has every plural form of its language", (key) => {
    const [russian, english]: Message[] = [ru[key], en[key]];
    if (typeof russian === "object" && !uncounted.includes(key)) expect(Object.keys(russian).sort()).toEqual(["few", "many", "one", "other"]);
    if (typeof english === "object") expect(Object.keys(english).sort()).toEqual(["one", "other"]);
  });

  it("shout nowhere", () => {
    for (const key of keys) expect([...forms(ru[key]), ...forms(en[key])].join()).not.toContain("!");
  });
});

describe("plural forms", () => {
  beforeAll(() => setLocale("ru"));

  it.each([
    [1, "остался 1 день"],
    [2, "осталось 2 дня"],
    [5, "осталось 5 дней"],
    [11, "осталось 11 дней"],
    [21, "остался 21 день"],
  ])("%i", (count, words) => {
    expect(plain(t("home.deadline", { deadline: "x", count }))).toBe(`До x, ${words}`);
  });
});

describe("texts", () => {
  afterEach(() => setLocale("ru"));

  it("do not break between a number and its word, after № and before a dash", () => {
    expect(t("home.deadline", { deadline: "5 декабря", count: 12 })).toContain("12\u00a0дней");
    expect(t("home.deadline", { deadline: "5 декабря", count: 12 })).toContain("5\u00a0декабря");
  });

  it("keep an unknown placeholder visible", () => {
    expect(fill("{a} {b}", { a: 1 })).toBe("1 {b}");
  });

  it("change with the language", async () => {
    await setLocale("en");
    expect(t("home.cta")).toBe("New request");
    expect(document.documentElement.lang).toBe("en");
  });
});

describe("dates", () => {
  afterEach(() => setLocale("ru"));

  it("are written as people write them", () => {
    expect(plain(formatDay("2027-01-15"))).toBe("15 января 2027, пятница");
    expect(plain(formatDayShort("2027-01-15"))).toBe("15 января");
    expect(plain(formatDayList("2027-01-15"))).toBe("15 января, пт");
    expect(plain(formatMonth("2027-01-01"))).toBe("январь 2027");
  });

  it("name a range once per month", () => {
    expect(plain(formatRange("2027-01-18", "2027-01-24"))).toBe("18–24 января");
    expect(plain(formatRange("2027-01-28", "2027-02-03"))).toBe("28 января – 3 февраля");
    expect(plain(formatRange("2027-01-18", "2027-01-18"))).toBe("18 января");
  });

  it("carry their zone when they are deadlines", () => {
    expect(plain(formatDeadline("2026-12-05T15:00:00Z", "Europe/Moscow"))).toBe("5 декабря, 18:00 (МСК)");
    expect(plain(formatDeadline("2026-12-05T15:00:00Z", "Asia/Krasnoyarsk"))).toBe("5 декабря, 22:00 (UTC+7)");
  });

  it("never use the US order in English", async () => {
    await setLocale("en");
    expect(plain(formatDay("2027-01-15"))).toBe("15 January 2027, Friday");
    expect(plain(formatDeadline("2026-12-05T15:00:00Z", "Europe/Moscow"))).toBe("5 December, 18:00 (MSK)");
  });

  it("say today and yesterday", () => {
    const now = new Date(2026, 10, 23, 12, 0);
    const at = (day: number) => new Date(2026, 10, day, 9, 12).toISOString();
    expect(plain(formatMoment(at(23), now))).toBe("сегодня, 09:12");
    expect(plain(formatMoment(at(22), now))).toBe("вчера, 09:12");
    expect(plain(formatMoment(at(3), now))).toBe("3 ноября, 09:12");
  });
});
