/**
 * An interpreter of exactly the JSON Schema keywords that `domain/schema.py` writes.
 * A general validator would cost more than everything else here together, or compile code, which the CSP forbids.
 */
import { isObject } from "./clean";

export type Schema = boolean | Readonly<Record<string, unknown>>;

/** A failed keyword: where in the answers, and whether a rule between fields (not the field itself) said so. */
export interface Failure {
  path: readonly string[];
  keyword: string;
  byRule: boolean;
}

type Report = (keyword: string, path: readonly string[]) => void;
type Check = (rule: never, value: never) => boolean;

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const patterns = new Map<string, RegExp>();

/** Every keyword that the value fails. */
export function failures(schema: Schema, value: unknown): Failure[] {
  const found: Failure[] = [];
  const report = (byRule: boolean): Report => (keyword, path) => found.push({ path, keyword, byRule });
  if (typeof schema === "object") {
    const { allOf = [], ...own } = schema;
    walk(own, value, [], report(false));
    for (const rule of allOf as Schema[]) walk(rule, value, [], report(true));
  }
  return found;
}

function matches(schema: Schema, value: unknown): boolean {
  let isFine = true;
  walk(schema, value, [], () => (isFine = false));
  return isFine;
}

function walk(schema: Schema, value: unknown, path: readonly string[], report: Report): void {
  if (typeof schema === "boolean") {
    if (!schema) report("false", path);
    return;
  }
  for (const [keyword, rule] of Object.entries(schema)) {
    if (keyword in leaves && !leaves[keyword]?.(rule as never, value as never)) report(keyword, path);
  }
  if ("if" in schema) {
    const branch = matches(schema.if as Schema, value) ? schema.then : schema.else;
    if (branch !== undefined) walk(branch as Schema, value, path, report);
  }
  for (const part of (schema.allOf ?? []) as Schema[]) walk(part, value, path, report);
  if (Array.isArray(value) && schema.items !== undefined) {
    value.forEach((item, index) => walk(schema.items as Schema, item, [...path, String(index)], report));
  }
  if (isObject(value)) walkObject(schema, value, path, report);
}

function walkObject(
  schema: Readonly<Record<string, unknown>>,
  value: Record<string, unknown>,
  path: readonly string[],
  report: Report,
): void {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  for (const [name, part] of Object.entries(properties)) {
    if (Object.hasOwn(value, name)) walk(part, value[name], [...path, name], report);
  }
  for (const name of (schema.required ?? []) as string[]) {
    if (!Object.hasOwn(value, name)) report("required", path.length ? path : [name]);
  }
  if (schema.additionalProperties === false && Object.keys(value).some((name) => !Object.hasOwn(properties, name))) {
    report("additionalProperties", path);
  }
}

const ofString = (test: (rule: never, value: string) => boolean) => (rule: never, value: unknown) =>
  typeof value !== "string" || test(rule, value);
const ofNumber = (test: (rule: number, value: number) => boolean) => (rule: number, value: unknown) =>
  typeof value !== "number" || test(rule, value);
const ofArray = (test: (rule: never, value: unknown[]) => boolean) => (rule: never, value: unknown) =>
  !Array.isArray(value) || test(rule, value);

const leaves: Partial<Record<string, Check>> = {
  type: isOfType,
  const: (wanted: unknown, value: unknown) => value === wanted,
  enum: (allowed: unknown[], value: unknown) => allowed.includes(value),
  not: (schema: Schema, value: unknown) => !matches(schema, value),
  anyOf: (schemas: Schema[], value: unknown) => schemas.some((schema) => matches(schema, value)),
  format: ofString((_format: string, value) => isDate(value)),
  formatMinimum: ofString((bound: string, value) => value >= bound),
  formatMaximum: ofString((bound: string, value) => value <= bound),
  minLength: ofString((bound: number, value) => lengthOf(value) >= bound),
  maxLength: ofString((bound: number, value) => lengthOf(value) <= bound),
  pattern: ofString((source: string, value) => pattern(source).test(value)),
  minimum: ofNumber((bound, value) => value >= bound),
  maximum: ofNumber((bound, value) => value <= bound),
  minItems: ofArray((bound: number, value) => value.length >= bound),
  maxItems: ofArray((bound: number, value) => value.length <= bound),
  uniqueItems: ofArray((_must: boolean, value) => new Set(value).size === value.length),
  contains: ofArray((schema: Schema, value) => value.some((item) => matches(schema, item))),
};

/** Lengths are counted in code points on both sides: an emoji is one. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  return type === "object" ? isObject(value) : typeof value === type;
}

function isDate(text: string): boolean {
  const [, year = NaN, month = NaN, day = NaN] = (DATE.exec(text) ?? []).map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

function pattern(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source, "u");
  patterns.set(source, known);
  return known;
}
