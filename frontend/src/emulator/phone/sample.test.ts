import { expect, test } from "vitest";

import { samplePdf } from "./sample";

test("the table of the learning document points to its objects", () => {
  const text = samplePdf();
  expect(text.startsWith("%PDF-1.4\n")).toBe(true);
  expect(text.endsWith("%%EOF\n")).toBe(true);
  const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  expect(text.slice(table, table + 4)).toBe("xref");
  const places = [...text.matchAll(/^(\d{10}) 00000 n $/gm)].map((found) => Number(found[1]));
  expect(places).toHaveLength(3);
  places.forEach((at, index) => {
    expect(text.slice(at).startsWith(`${String(index + 1)} 0 obj`)).toBe(true);
  });
});
