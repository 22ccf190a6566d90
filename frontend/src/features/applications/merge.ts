import type { Answers, Draft } from "../../api/types";
import type { Refusal } from "./drafts";

export interface LocalDraft {
  form: string;
  answers: Answers;
  client_key: string;
  /** Version of the server's copy that this one grew from; null: the server has none. */
  base_version: number | null;
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

/** The device's draft meets the server's: per field the last writer wins (ux B1). */
export function merge(mine: LocalDraft | null, theirs: Draft | null): Merged {
  if (!theirs) return { draft: withoutServer(mine), merged: false };
  if (!mine) return { draft: taken(theirs), merged: false };
  if (mine.base_version === theirs.version && mine.client_key === theirs.client_key) return { draft: mine, merged: false };
  const answers = overlay(theirs.answers, mine.answers, mine.changed);
  const draft = { ...taken(theirs), answers, changed: mine.changed, refused: mine.refused };
  return { draft, merged: mine.changed.length > 0 && !isSame(theirs.answers, mine.answers) };
}

/** Gone there and untouched here: it was sent or thrown away through another door. */
function withoutServer(mine: LocalDraft | null): LocalDraft | null {
  if (!mine || (mine.base_version !== null && mine.changed.length === 0)) return null;
  return { ...mine, base_version: null, changed: mine.changed.length > 0 ? mine.changed : Object.keys(mine.answers) };
}

function taken({ form, answers, client_key, version, updated_at }: Draft): LocalDraft {
  return { form, answers, client_key, base_version: version, changed: [], updated_at, refused: null };
}

/** `changed` fields of the newer answers over the stored ones; an emptied field is emptied. */
function overlay(stored: Answers, newer: Answers, changed: string[]): Answers {
  const kept = Object.entries(stored).filter(([name]) => !changed.includes(name));
  const mine = Object.entries(newer).filter(([name]) => changed.includes(name));
  return Object.fromEntries([...kept, ...mine]);
}

function isSame(one: Answers, other: Answers): boolean {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}
