import { describe, expect, it } from "vitest";

import type { Answers, CompiledForm } from "../../api/types";
import { certificate, flight, me } from "../../testing/fixtures";
import { needsCheck, renderingOf, type RuleFacts } from "./rule";

const known = me("ru").profile as Answers;
const rendering = (change: Partial<RuleFacts> = {}) =>
  renderingOf({ form: flight("ru"), known, profileComplete: true, firstUse: false, simple: false, width: 390, ...change });

function withRequired(count: number): CompiledForm {
  const form = structuredClone(flight("ru"));
  const wishes = form.fields.find((field) => field.name === "wishes");
  const extra = Array.from({ length: count }, (_, n) => ({ ...structuredClone(wishes), name: `extra${String(n)}`, required: true }));
  return { ...form, fields: [...form.fields, ...extra] as CompiledForm["fields"] };
}

describe("one page or one question per page (rule B1)", () => {
  it("is one page for a returning person and a flight", () => {
    expect(rendering()).toBe("compact");
  });

  it.each([
    ["the first use", { firstUse: true }],
    ["a profile with gaps", { profileComplete: false }],
    ["the simple mode", { simple: true }],
    ["a very narrow window", { width: 299 }],
    ["questions that depend on others", { form: certificate("ru") }],
    ["more than four required answers", { form: withRequired(3) }],
  ])("is one question per page for %s", (_why, change) => {
    expect(rendering(change)).toBe("guided");
  });

  it("counts four required answers as few", () => {
    expect(rendering({ form: withRequired(2) })).toBe("compact");
  });

  it("does not ask the profile of a form that has none of it", () => {
    const form = { ...withRequired(0), fields: flight("ru").fields.filter((field) => !field.profile) };
    expect(rendering({ form, profileComplete: false })).toBe("compact");
  });
});

describe("the check before sending (E7)", () => {
  const answers = { ...known, direction: "khv", date: "2027-01-15" };

  it("is not needed for two answers from lists", () => {
    expect(needsCheck(flight("ru"), answers)).toBe(false);
  });

  it("is needed for own words and for many answers", () => {
    expect(needsCheck(flight("ru"), { ...answers, direction: { other: "Тикси" } })).toBe(true);
    const many = { ...answers, wishes: "утро", extra0: "1", extra1: "2" };
    expect(needsCheck(withRequired(2), many)).toBe(true);
  });
});
