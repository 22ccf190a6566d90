import { afterEach, beforeEach, expect, it } from "vitest";

import type { FormField } from "../../api/types";
import { setLocale } from "../../i18n";
import { isTaken, typeOf } from "./kinds";
import { formatPercent, formatSize, limitsOf, shorten, unfitText } from "./words";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const field = (change: Partial<FormField>): FormField => ({
  name: "scan", kind: "file", label: "", required: false, profile: false, statistics: false, visible_when: null, cleanup: [],
  messages: {}, max_files: 5, max_bytes: 20 << 20, types: ["application/pdf", "image/jpeg"], ...change,
});

beforeEach(() => setLocale("ru"));
afterEach(() => setLocale("ru"));

it.each([
  [0, "0 КБ"],
  [1, "1 КБ"],
  [348_160, "340 КБ"],
  [1_258_291, "1,2 МБ"],
  [20 << 20, "20 МБ"],
])("a size of %i", (bytes, words) => expect(plain(formatSize(bytes))).toBe(words));

it("a share is whole, and only everything is 100", async () => {
  expect([0, 0.437, 0.999, 1].map((share) => plain(formatPercent(share)))).toEqual(["0 %", "43 %", "99 %", "100 %"]);
  await setLocale("en");
  expect(formatPercent(0.43)).toBe("43%");
});

it("a long name keeps both its ends", () => {
  expect(shorten("скан.pdf")).toBe("скан.pdf");
  const short = shorten("Справка о составе семьи, скан с печатью.pdf");
  expect([short, short.length <= 24]).toEqual(["Справка о сост…чатью.pdf", true]);
});

it.each([
  [{}, "До 5 файлов, каждый до 20 МБ: PDF, JPG"],
  [{ max_files: 1, max_bytes: 1 << 20, types: ["text/csv"] }, "Один файл до 1 МБ: CSV"],
  [{ max_files: 2, types: [] }, "До 2 файлов, каждый до 20 МБ"],
  [{ types: [".zip", "image/heic", "image/heif", "audio/ogg"] }, "До 5 файлов, каждый до 20 МБ: ZIP, HEIC, OGG"],
])("limits are what the form says: %j", (change, words) => expect(plain(limitsOf(field(change)))).toBe(words));

it("the server's own words stand where there are none of ours", () => {
  expect(unfitText("file_type_refused", field({}))).toContain("нужен файл PDF, JPG");
  expect(unfitText("too_many_files", field({}), "Файлов слишком много.")).toBe("Файлов слишком много.");
});

it.each([
  ["a.pdf", "application/pdf", true],
  ["A.PDF", "", true],
  ["photo.heic", "", false],
  ["a.exe", "application/x-msdownload", false],
])("%s of type «%s» is taken: %s", (name, type, taken) => expect(isTaken(field({}), { name, type })).toBe(taken));

it("an ending tells the type where the browser does not", () => {
  expect([typeOf({ name: "x.heic", type: "" }), typeOf({ name: "x", type: "" })]).toEqual(["image/heic", "application/octet-stream"]);
});
