import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it } from "vitest";

import type { Answers, CompiledForm } from "../../api/types";
import { locale } from "../../i18n";
import { certificate, flight, me } from "../../testing/fixtures";
import { FormSession } from "./session";

const profile = me("ru").profile as Answers;

function open(answers: Answers, form: CompiledForm = flight("ru"), known = profile) {
  const store = signal(answers);
  const facts = signal(known);
  const session = new FormSession({
    name: "test",
    form: signal(form),
    known: facts,
    withProfile: signal(false),
    store: { answers: store, change: (_field, next) => (store.value = next) },
  });
  return { session, store, facts };
}

const problems = (session: FormSession) => session.problems.value.map(({ field, code }) => `${field}: ${code}`);

beforeEach(() => (locale.value = "ru"));

describe("sending too early", () => {
  it("finds what is missing, in the order of the form", () => {
    const { session } = open({});
    expect(session.check()).toBe(false);
    expect(problems(session)).toEqual(["direction: required", "date: required"]);
    expect([session.attempt.value, session.found.value, session.isMarked]).toEqual([1, 2, true]);
  });

  it("says the same words by the field", () => {
    const { session } = open({ direction: "khv" });
    session.check();
    expect(session.messageOf("date")).toBe("Выберите дату вылета");
  });

  it("takes a message away with the first valid answer", () => {
    const { session } = open({});
    session.check();
    session.set("direction", "khv");
    expect(problems(session)).toEqual(["date: required"]);
    session.set("date", "2027-01-15");
    expect([problems(session), session.isMarked]).toEqual([[], false]);
  });

  it("judges one question where only one is asked", () => {
    const { session } = open({});
    expect(session.check(["direction"])).toBe(false);
    session.set("direction", "khv");
    expect(session.check(["direction"])).toBe(true);
  });
});

describe("leaving a field", () => {
  it("tells what is certainly wrong, and follows what is typed", () => {
    const { session } = open({}, certificate("ru"));
    session.set("delivery", "email");
    session.set("email", "anna");
    session.leave("email");
    expect(session.messageOf("email")).toMatch(/Напишите адрес полностью/);
    session.set("email", "anna@example");
    expect(session.messageOf("email")).toMatch(/Не похоже на адрес/);
    session.set("email", "anna@example.ru");
    expect(session.messageOf("email")).toBeUndefined();
  });

  it("never tells that something is required", () => {
    const { session } = open({});
    session.leave("direction");
    expect(session.problems.value).toEqual([]);
  });
});

describe("an answer that has become impossible (UX-107)", () => {
  it("goes with a notice when the base changes", () => {
    const { session, store, facts } = open({ direction: "gdx", date: "2027-01-15" });
    facts.value = { ...profile, location: "kja", unit: "kja-oke" };
    session.dropImpossible();
    expect(store.value).toEqual({ date: "2027-01-15" });
    expect(session.notices.value.direction).toBe("Для базы Красноярск направления Магадан нет в списке, выберите направление заново");
    session.set("direction", "vvo");
    expect(session.notices.value.direction).toBeUndefined();
  });

  it("stays when the new base flies there too, and when it is in own words", () => {
    const both = open({ direction: "vvo" });
    both.facts.value = { ...profile, location: "kja", unit: "kja-oke" };
    both.session.dropImpossible();
    expect(both.store.value).toEqual({ direction: "vvo" });
    const own = open({ direction: { other: "Тикси" } });
    own.facts.value = { ...profile, location: "aer", unit: "aer-oke" };
    own.session.dropImpossible();
    expect(own.store.value).toEqual({ direction: { other: "Тикси" } });
  });
});

describe("what is sent", () => {
  it("is clean and without facts that the profile has", () => {
    const { session } = open({ direction: "khv", date: "2027-01-15", wishes: "  утренний  вылет " });
    expect(session.outgoing()).toEqual({ direction: "khv", date: "2027-01-15", wishes: "утренний вылет" });
  });

  it("has no answers to questions that are not asked any more, but keeps them for the way back", () => {
    const { session, store } = open({ delivery: "email", email: "anna@example.ru" }, certificate("ru"), {});
    session.set("delivery", "office");
    expect(session.outgoing()).toEqual({ delivery: "office" });
    expect(store.value.email).toBe("anna@example.ru");
    expect(session.asked.value.map((field) => field.name)).not.toContain("email");
  });
});
