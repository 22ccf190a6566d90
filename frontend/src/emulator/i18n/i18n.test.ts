import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Message } from "../../i18n";
import { en } from "./en";
import { ru } from "./ru";

const keys = Object.keys(ru) as (keyof typeof ru)[];
const forms = (message: Message) => (typeof message === "string" ? [message] : Object.values(message));
const places = (message: Message) => [...new Set(forms(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

/** The page's own sources, without catalogs and tests. */
function sources(): string {
  const root = join(import.meta.dirname, "..");
  const own = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^i18n/.test(name));
  return own.map((name) => readFileSync(join(root, name), "utf8")).join("\n");
}

describe("the page's texts", () => {
  it("are there in both languages", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ru).sort());
  });

  it.each(keys)("%s has the same places to fill", (key) => {
    expect(places(en[key])).toEqual(places(ru[key]));
  });

  it("shout nowhere", () => {
    for (const key of keys) expect([...forms(ru[key]), ...forms(en[key])].join()).not.toContain("!");
  });

  it("are all said by somebody", () => {
    const text = sources();
    const built = [...text.matchAll(/`([a-zA-Z][\w.]*\.)\$\{/g)].map(([, head = ""]) => head);
    const isSaid = (key: string) => text.includes(`"${key}"`) || built.some((head) => key.startsWith(head));
    expect(keys.filter((key) => !isSaid(key))).toEqual([]);
  });
});
