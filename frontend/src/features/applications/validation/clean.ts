/**
 * Clean before judging: the twin of `domain/cleanup.py`, operation by operation.
 * Character sets are spelled out so that both languages mean the same; vectors.test.ts holds them together.
 */
import type { Cleanup, FormField } from "../../../api/types";
import type { Form, RawAnswers } from "./types";

const TRIM =
  /^[ \t\v\f\x85\xa0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff\n\r\u2028\u2029]+|[ \t\v\f\x85\xa0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff\n\r\u2028\u2029]+$/g;
const ALL_BLANK = /[ \t\v\f\x85\xa0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff\n\r\u2028\u2029]+/g;
const BLANK = /[ \t\v\f\x85\xa0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]+/g;
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;
const EDGES_OF_LINES = / ?\n ?/g;
const MANY_BREAKS = /\n{3,}/g;
const DASHES = /[-\u2010-\u2015\u2212]+/g;
const NUMBER = /^[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?$/;

const WORD = /[^ ]+/g;
const HAS_CYRILLIC = /[\u0400-\u04ff]/;
const ONLY_LOOKALIKES = /^[ABCEHKMOPTXYaceopxy\xcb\xeb.'\u2019-]+$/;
const LATIN = "ABCEHKMOPTXYaceopxy\xcb\xeb";
/** The Cyrillic twin of each letter of LATIN, counted from U+0400. */
const TWINS = [16, 18, 33, 21, 29, 26, 28, 30, 32, 34, 37, 35, 48, 65, 53, 62, 64, 69, 67, 1, 81];

const NAME_PART = /[A-Za-z\u0400-\u045f]+/g;
const MIXED = /[a-z\u0430-\u045f][A-Z\u0400-\u042f]|[A-Z\u0400-\u042f][a-z\u0430-\u045f].*[A-Z\u0400-\u042f]/;
/** Parts of patronymics that stay in lower case: ogly, kyzy, ool, kizi. */
const PARTICLE = /^(?:\u043e\u0433\u043b\u044b|\u043a\u044b\u0437\u044b|\u043e\u043e\u043b|\u043a\u0438\u0437\u0438)$/;

const trim = (text: string) => text.replace(TRIM, "");

function collapseSpaces(text: string, multiline: boolean): string {
  if (!multiline) return text.replace(ALL_BLANK, " ");
  const lines = text.replace(BLANK, " ").replace(LINE_BREAK, "\n").replace(EDGES_OF_LINES, "\n");
  return lines.replace(MANY_BREAKS, "\n\n");
}

function toCyrillic(word: string): string {
  if (!HAS_CYRILLIC.test(word) && !ONLY_LOOKALIKES.test(word)) return word;
  return word.replace(/[A-Za-z\xcb\xeb]/g, (letter) => {
    const twin = TWINS[LATIN.indexOf(letter)];
    return twin === undefined ? letter : String.fromCharCode(0x400 + twin);
  });
}

function toTitle(part: string): string {
  return PARTICLE.test(part) || MIXED.test(part) ? part : part.charAt(0).toUpperCase() + part.slice(1).toLowerCase();
}

const operations: Record<Cleanup, (text: string, multiline: boolean) => string> = {
  trim,
  collapse_spaces: collapseSpaces,
  digits: (text) => text.replace(ALL_BLANK, "").replace(DASHES, ""),
  cyrillic_lookalikes: (text) => (HAS_CYRILLIC.test(text) ? text.replace(WORD, toCyrillic) : text),
  title_case: (text) => text.replace(NAME_PART, toTitle),
};

function tidy(text: string, names: readonly Cleanup[], multiline = false): string {
  return names.reduce((tidied, name) => operations[name](tidied, multiline), text);
}

/** «3» and «1,5» typed into a number field are numbers; anything else stays a text, to be reported. */
function toNumber(text: string): number | string {
  return NUMBER.test(text) ? Number(text.replace(",", ".")) + 0 : text;
}

/** One answer, tidied by its field's rules; a value of a wrong type stays as it is. */
export function cleanValue(field: FormField, value: unknown): unknown {
  if (typeof value === "string") {
    if (field.kind === "text" || field.kind === "person") return tidy(value, field.cleanup, field.multiline === true);
    return field.kind === "number" ? toNumber(trim(value)) : trim(value);
  }
  if (field.kind !== "choice" || !isObject(value) || typeof value.other !== "string") return value;
  return { ...value, other: tidy(value.other, ["trim", "collapse_spaces"]) };
}

/** The answers to judge and send: tidied, without what was left blank. Unknown keys stay, to be reported. */
export function clean(form: Form, answers: RawAnswers): RawAnswers {
  const fields = new Map(form.fields.map((field) => [field.name, field]));
  const cleaned = Object.entries(answers).map(([name, value]) => {
    const field = fields.get(name);
    return [name, field ? cleanValue(field, value) : value] as const;
  });
  return Object.fromEntries(cleaned.filter(([name, value]) => !fields.has(name) || !isBlank(value)));
}

/** Left blank: nothing, an empty list, an own option without words. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return trim(value) === "";
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && value.other === "" && Object.keys(value).length === 1;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
