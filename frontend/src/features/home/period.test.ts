import { describe, expect, it } from "vitest";

import { february, january, submitted, approved } from "../../testing/fixtures";
import { filedIn, nextChange, periodState } from "./period";

const both = [january("ru"), february("ru")];
const at = (iso: string) => new Date(iso);

describe("the period card", () => {
  it("is open from the first moment to the one before the last", () => {
    expect(periodState(both, at("2026-11-20T06:00:00Z")).kind).toBe("open");
    expect(periodState(both, at("2026-12-05T14:59:59Z")).kind).toBe("open");
    expect(periodState(both, at("2026-12-05T15:00:00Z")).kind).toBe("closed");
  });

  it("counts calendar days of the period's zone", () => {
    expect(periodState(both, at("2026-11-23T07:02:00Z"))).toMatchObject({ daysLeft: 12 });
    expect(periodState(both, at("2026-12-04T21:30:00Z"))).toMatchObject({ daysLeft: 0 });
  });

  it("says that the limit is reached", () => {
    expect(periodState([january("ru", { filed: 1 })], at("2026-11-23T07:02:00Z")).kind).toBe("filed");
  });

  it("says why this person may not file, even when the limit is free", () => {
    const blocked = january("ru", { blocked: { reason: "нарушение", until: null } });
    expect(periodState([blocked], at("2026-11-23T07:02:00Z")).kind).toBe("blocked");
  });

  it("gives way to a sentence on the day of opening, by the zone's calendar", () => {
    expect(periodState(both, at("2026-12-19T20:59:00Z"))).toMatchObject({ kind: "closed", next: { id: 4 } });
    expect(periodState(both, at("2026-12-19T21:00:00Z"))).toMatchObject({ kind: "opens_today", period: { id: 4 } });
    expect(periodState(both, at("2026-12-20T06:00:00Z"))).toMatchObject({ kind: "open", period: { id: 4 } });
  });

  it("knows when it has to change by itself", () => {
    expect(nextChange(both, at("2026-11-23T07:02:00Z"))).toBe(Date.parse("2026-12-05T15:00:00Z"));
    expect(nextChange([], at("2026-11-23T07:02:00Z"))).toBeNull();
  });

  it("finds my application that fills the limit, and no withdrawn or other month's one", () => {
    expect(filedIn(january("ru"), [approved("ru"), submitted("ru")])?.number).toBe("2027-0142");
    expect(filedIn(january("ru"), [submitted("ru", { status: "withdrawn" })])).toBeNull();
  });
});
