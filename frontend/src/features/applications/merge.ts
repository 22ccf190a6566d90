import type { Answers, AnswerValue, Draft } from "../../api/types";
import type { Refusal } from "./drafts";

export interface LocalDraft {
  form: string;
  answers: Answers;
  client_key: string;
  /** Version of the server's copy that this one grew from; null: the server has none. */
  base_version: number | null;
  /** The answers of that version; missing in a draft that an older app has kept. */
  base?: Answers;
  /** Fields changed here since then. */
  changed: string[];
  updated_at: string;
  refused: Refusal | null;
}

export interface Merged {
  draft: LocalDraft | null;
  /** The person should hear that another door has changed the draft as well. */
  merged: boolean;
}

/** The device's draft meets the server's: per field the last writer wins, per item in a list of files (ux B1). */
export function merge(mine: LocalDraft | null, theirs: Draft | null): Merged {
  if (!theirs) return { draft: withoutServer(mine), merged: false };
  if (!mine) return { draft: taken(theirs), merged: false };
  if (mine.base_version === theirs.version && mine.client_key === theirs.client_key) return { draft: mine, merged: false };
  const answers = overlay(theirs.answers, mine);
  const draft = { ...taken(theirs), answers, changed: mine.changed, refused: mine.refused };
  return { draft, merged: mine.changed.length > 0 && !isSame(theirs.answers, mine.answers) };
}

/** Gone there and untouched here: it was sent or thrown away through another door. */
function withoutServer(mine: LocalDraft | null): LocalDraft | null {
  if (!mine || (mine.base_version !== null && mine.changed.length === 0)) return null;
  return { ...mine, base_version: null, base: {}, changed: mine.changed.length > 0 ? mine.changed : Object.keys(mine.answers) };
}

function taken({ form, answers, client_key, version, updated_at }: Draft): LocalDraft {
  return { form, answers, client_key, base_version: version, base: answers, changed: [], updated_at, refused: null };
}

/** `changed` fields of the newer answers over the stored ones; an emptied field is emptied. */
function overlay(stored: Answers, { answers, changed, base }: LocalDraft): Answers {
  const kept = Object.entries(stored).filter(([name]) => !changed.includes(name));
  const mine = changed.flatMap((name) => {
    const value = latest(stored[name], answers[name], base?.[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...kept, ...mine]);
}

/** The core's own rule (core/applications/merging.py): each door's additions and removals are both meant. */
function latest(stored: AnswerValue | undefined, newer: AnswerValue | undefined, base: AnswerValue | undefined) {
  const told = [stored, newer].filter((value) => value !== undefined && value !== null);
  if (!told.every(isList) || told.length === 0) return newer;
  const [before, theirs, mine] = [listOf(base), listOf(stored), listOf(newer)];
  const left = theirs.filter((item) => mine.includes(item) || !before.includes(item));
  const all = [...new Set([...left, ...mine.filter((item) => !before.includes(item))])];
  return all.length > 0 ? all : newer && [];
}

/** What was a list in the version that this draft grew from, of the fields that go to the server. */
export function baseLists({ base, changed }: LocalDraft): Record<string, string[]> {
  const known = changed.map((name) => [name, base?.[name]] as const);
  return Object.fromEntries(known.filter((entry): entry is [string, string[]] => isList(entry[1])));
}

function listOf(value: AnswerValue | undefined): readonly string[] {
  return isList(value) ? value : [];
}

function isList(value: AnswerValue | undefined): value is string[] {
  return Array.isArray(value);
}

function isSame(one: Answers, other: Answers): boolean {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}
