import { describe, expect, it } from "vitest";

import { parseTypedDate } from "./typed";

const january = { min: "2027-01-01", max: "2027-01-31", today: "2026-11-23" };
const parse = (text: string, bounds = january) => parseTypedDate(text, bounds);

describe("a typed date (UX-106)", () => {
  it.each([
    "15", "15.01", "15.1", "15.1.27", "15.01.2027", "15/01", "15-01-2027", "15 01", "15 января", "15 янв", "15 января 2027",
    "15 января 2027 г", "15 January", "January 15", "jan 15 2027", "2027-01-15", " 15. ", "15,01",
  ])("«%s» is 15 January 2027", (text) => {
    expect(parse(text)).toBe("2027-01-15");
  });

  it.each(["31.02", "32", "0", "15.13", "мама", "15 мама", "", "1 2 3 4", "15.01.27.3", "2027-02-30", "15@01", "15.1.7", "115"])(
    "«%s» is not a date",
    (text) => {
      expect(parse(text)).toBeNull();
    },
  );

  it("tells May from March in every form", () => {
    const year = { min: "2027-01-01", max: "2027-12-31", today: "2027-01-01" };
    expect(["3 мая", "3 май", "3 May", "3 марта", "3 March"].map((text) => parse(text, year))).toEqual([
      "2027-05-03", "2027-05-03", "2027-05-03", "2027-03-03", "2027-03-03",
    ]);
  });

  it("takes the first month of the range that has the day and lies inside", () => {
    const winter = { min: "2026-11-24", max: "2027-01-22", today: "2026-11-23" };
    expect(parse("24", winter)).toBe("2026-11-24");
    expect(parse("23", winter)).toBe("2026-12-23");
    expect(parse("31", winter)).toBe("2026-12-31");
  });

  it("gives a date out of the range too: its reason is told, not «we did not understand»", () => {
    expect(parse("15.02")).toBe("2027-02-15");
    expect(parse("29.02.2028", { min: null as unknown as string, max: null as unknown as string, today: "2026-11-23" })).toBe("2028-02-29");
  });
});
