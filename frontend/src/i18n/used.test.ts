import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { ru } from "./ru";

const root = join(import.meta.dirname, "..");

/** The app's own sources, without catalogs, fixtures and tests. */
function sources(): string {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const own = files.filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^testing|^i18n\/(ru|en)\//.test(name));
  return own.map((name) => readFileSync(join(root, name), "utf8")).join("\n");
}

it("keeps no text that nobody says", () => {
  const text = sources();
  // t(`signin.${persona}.hint`): the fixed parts around the placeholder have to be there.
  const built = [...text.matchAll(/`([a-z][\w.]*\.?)\$\{[^}]+\}([\w.]*)`/g)].map(([, head = "", tail = ""]) => [head, tail] as const);
  const isSaid = (key: string) =>
    text.includes(`"${key}"`) || built.some(([head, tail]) => key.startsWith(head) && key.endsWith(tail) && key.length > head.length);
  expect(Object.keys(ru).filter((key) => !isSaid(key))).toEqual([]);
});
