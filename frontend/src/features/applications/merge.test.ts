import { describe, expect, it } from "vitest";

import type { Draft } from "../../api/types";
import { baseLists, merge, type LocalDraft } from "./merge";

const mine = (change: Partial<LocalDraft> = {}): LocalDraft => ({
  form: "flight", answers: { direction: "aer" }, client_key: "key-mine", base_version: 1, changed: ["direction"],
  updated_at: "2026-11-23T07:00:00Z", refused: null, ...change,
});
const theirs = (change: Partial<Draft> = {}): Draft => ({
  form: "flight", answers: { date: "2027-01-20" }, client_key: "key-theirs", version: 2,
  updated_at: "2026-11-23T07:01:00Z", channel: "express", ...change,
});

describe("a draft of the device meets the server's", () => {
  it("per field the last writer wins, and the person hears of it", () => {
    const { draft, merged } = merge(mine(), theirs({ answers: { direction: "vvo", date: "2027-01-20" } }));
    expect(draft).toMatchObject({ answers: { direction: "aer", date: "2027-01-20" }, base_version: 2, changed: ["direction"] });
    expect(merged).toBe(true);
  });

  it("an answer emptied here is empty", () => {
    const { draft } = merge(mine({ answers: {}, changed: ["date"] }), theirs());
    expect(draft?.answers).toEqual({});
  });

  it("both send with one key: the server's", () => {
    expect(merge(mine(), theirs()).draft?.client_key).toBe("key-theirs");
  });

  it("takes the server's silently where nothing was changed here", () => {
    const { draft, merged } = merge(mine({ changed: [] }), theirs());
    expect(draft).toMatchObject({ answers: { date: "2027-01-20" }, changed: [] });
    expect(merged).toBe(false);
  });

  it("stays as it is upon the version it grew from", () => {
    const known = mine({ base_version: 2, client_key: "key-theirs" });
    expect(merge(known, theirs())).toEqual({ draft: known, merged: false });
  });

  it("tells a new draft with the same version from the old one by its key", () => {
    expect(merge(mine({ base_version: 2 }), theirs()).draft?.answers).toEqual({ direction: "aer", date: "2027-01-20" });
  });

  it("goes where it was sent or thrown away elsewhere, unless something was typed here since", () => {
    expect(merge(mine({ changed: [] }), null).draft).toBeNull();
    expect(merge(mine(), null).draft).toMatchObject({ answers: { direction: "aer" }, base_version: null });
  });

  it("is sent whole where the server never had it", () => {
    expect(merge(mine({ base_version: null, changed: [] }), null).draft?.changed).toEqual(["direction"]);
  });

  it("comes from the server on a new device", () => {
    expect(merge(null, theirs()).draft).toMatchObject({ client_key: "key-theirs", base_version: 2, changed: [] });
    expect(merge(null, null).draft).toBeNull();
  });
});

describe("files of two doors", () => {
  const met = (mineNow: string[] | undefined, stored: string[] | undefined, base?: string[]) =>
    merge(
      mine({ answers: mineNow ? { files: mineNow } : {}, changed: ["files"], base: base && { files: base } }),
      theirs({ answers: stored ? { files: stored } : {} }),
    ).draft;

  it("are all there, and what one of them took away is gone", () => {
    expect(met(["a", "b", "mine"], ["a", "b", "theirs"], ["a", "b"])?.answers).toEqual({ files: ["a", "b", "theirs", "mine"] });
    expect(met(["b"], ["a", "b", "theirs"], ["a", "b"])?.answers).toEqual({ files: ["b", "theirs"] });
    expect(met(["a", "b"], ["b"], ["a", "b"])?.answers).toEqual({ files: ["b"] });
    expect(met(undefined, ["a", "theirs"], ["a"])?.answers).toEqual({ files: ["theirs"] });
    expect(met(undefined, ["a"], ["a"])?.answers).toEqual({});
    expect(met(["mine"], undefined)?.answers).toEqual({ files: ["mine"] });
  });

  it("take nothing away where an older app has not kept what it began with", () => {
    expect(met(["mine"], ["a"])?.answers).toEqual({ files: ["a", "mine"] });
  });

  it("are told with what they were, for the core's own merge", () => {
    const draft = mine({ base: { files: ["a"], direction: "khv", days: ["1"] }, changed: ["files", "direction"] });
    expect(baseLists(draft)).toEqual({ files: ["a"] });
    expect(met(["mine"], ["a"], [])?.base).toEqual({ files: ["a"] });
  });
});
