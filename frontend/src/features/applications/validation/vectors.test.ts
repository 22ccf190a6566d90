/**
 * The server's validator and this one agree: 300 generated forms, 50 answers each, judged in Python first.
 * Make the file with `python tests/domain/make_vectors.py var/test/validation-vectors.json`.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import type { CompiledForm } from "../../../api/types";
import { clean, validate, visibleFields, type RawAnswers } from "./index";

interface Vectors {
  forms: { form: CompiledForm; cases: Case[] }[];
}

interface Case {
  answers: RawAnswers;
  clean: RawAnswers;
  visible: string[];
  errors: [field: string, code: string, message: string][];
}

const path = resolve(process.env.VALIDATION_VECTORS ?? "../var/test/validation-vectors.json");

function load(): Vectors {
  if (!existsSync(path)) throw new Error(`No vectors at ${path}: run tests/domain/make_vectors.py first`);
  return JSON.parse(readFileSync(path, "utf8")) as Vectors;
}

/** JSON with sorted keys, so that only content is compared. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function judge(form: CompiledForm, answers: RawAnswers): Omit<Case, "answers"> {
  const cleaned = clean(form, answers);
  return {
    clean: cleaned,
    visible: visibleFields(form, cleaned).map((field) => field.name),
    errors: validate(form, cleaned).map(({ field, code, message }) => [field, code, message]),
  };
}

const { forms } = load();
const cases = forms.flatMap(({ form, cases }) => cases.map((one) => ({ form, one })));

test("there are enough vectors, and all codes occur in them", () => {
  expect(forms.length).toBeGreaterThanOrEqual(300);
  expect(cases.length).toBeGreaterThanOrEqual(15_000);
  const codes = new Set(cases.flatMap(({ one }) => one.errors.map(([, code]) => code)));
  expect(codes.size).toBe(19);
  expect(cases.filter(({ one }) => one.errors.length === 0).length).toBeGreaterThan(1_000);
});

test("clean, validate and the visible fields give what the server gives", () => {
  const disagreements = cases.filter(({ form, one: { answers, ...expected } }) => {
    return plain(judge(form, answers)) !== plain(expected);
  });
  const shown = disagreements.slice(0, 3).map(({ form, one: { answers, ...expected } }) => ({
    answers,
    expected,
    found: judge(form, answers),
  }));
  expect(shown).toEqual([]);
  expect(disagreements).toHaveLength(0);
});
