import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { user } from "../../app/session";
import { host } from "../../platform";
import { user as person } from "../../testing/fixtures";
import { calls, mockApi, NO_NETWORK, problem, type Routes } from "../../testing/mock";
import { DraftKeeper } from "./drafts";
import { local } from "./local";
import type { LocalDraft } from "./merge";

let people = 0;
const online = host.online as unknown as { value: boolean };
const onDevice = () => local.read("draft:flight") as LocalDraft | null;
const puts = () => calls.filter((call) => call.method === "PUT").map((call) => call.body as Record<string, unknown>);
const FRESH: LocalDraft = {
  form: "flight", answers: {}, client_key: "key-mine", base_version: null, changed: [], updated_at: "2026-11-23T07:00:00Z", refused: null,
};
const stored = (change: object = {}) => ({ form: "flight", client_key: "key-server", updated_at: "2026-11-23T07:00:00Z", channel: "express", version: 1, answers: {}, ...change });

function server(routes: Routes = {}): void {
  let version = 0;
  mockApi({
    "GET draft": { draft: null },
    "PUT draft": ({ body }: { body: object }) => ({ draft: { ...stored(), ...body, version: ++version }, merged: false }),
    "DELETE draft": null,
    ...routes,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  user.value = person("ru", { id: `drafts-${String(++people)}` });
  calls.length = 0;
  online.value = true;
  server();
});
afterEach(() => {
  vi.useRealTimers();
  online.value = true;
});

describe("what is typed", () => {
  it("is on the device 400 ms after the last change, and on the server after that", async () => {
    const keeper = new DraftKeeper("flight");
    keeper.change("direction", { direction: "khv" });
    await vi.advanceTimersByTimeAsync(399);
    expect(onDevice()).toBeNull();
    await vi.advanceTimersByTimeAsync(30);
    expect(onDevice()?.answers).toEqual({ direction: "khv" });
    expect(puts()).toEqual([{ form: "flight", answers: { direction: "khv" }, changed: ["direction"], base: {}, base_version: null, client_key: keeper.clientKey() }]);
    expect(keeper.draft.value).toMatchObject({ base_version: 1, changed: [] });
  });

  it("is never more than a second away from the device, however long somebody writes (UX-112)", async () => {
    const keeper = new DraftKeeper("flight");
    for (let letters = 1; letters <= 10; letters += 1) {
      keeper.change("wishes", { wishes: "я".repeat(letters) });
      await vi.advanceTimersByTimeAsync(200);
    }
    expect((onDevice()?.answers.wishes as string).length).toBeGreaterThanOrEqual(6);
  });

  it("is kept at once when the page goes", () => {
    const keeper = new DraftKeeper("flight");
    keeper.change("direction", { direction: "khv" });
    dispatchEvent(new Event("pagehide"));
    expect(onDevice()?.answers).toEqual({ direction: "khv" });
  });

  it("goes to the server at once when it is left or not looked at any more", async () => {
    const keeper = new DraftKeeper("flight");
    keeper.change("direction", { direction: "khv" });
    keeper.leave();
    await vi.advanceTimersByTimeAsync(10);
    expect(puts()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(puts()).toHaveLength(1);
  });

  it("waits for the network and goes when it is back", async () => {
    online.value = false;
    const keeper = new DraftKeeper("flight");
    await keeper.load();
    keeper.change("direction", { direction: "khv" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(puts()).toEqual([]);
    online.value = true;
    await vi.advanceTimersByTimeAsync(50);
    expect(puts()).toHaveLength(1);
  });

  it("is not lost when the server says nothing", async () => {
    server({ "PUT draft": NO_NETWORK });
    const keeper = new DraftKeeper("flight");
    keeper.change("direction", { direction: "khv" });
    await vi.advanceTimersByTimeAsync(500);
    expect(keeper.draft.value).toMatchObject({ answers: { direction: "khv" }, changed: ["direction"] });
  });

  it("during a saving call goes with the next one", async () => {
    const keeper = new DraftKeeper("flight");
    keeper.change("direction", { direction: "khv" });
    server({
      "PUT draft": ({ body }: { body: { answers: object } }) => {
        if (puts().length === 1) keeper.change("date", { direction: "khv", date: "2027-01-15" });
        return { draft: stored({ ...body, version: puts().length }), merged: false };
      },
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(puts().map((put) => put.changed)).toEqual([["direction"], ["date"]]);
    expect(keeper.draft.value).toMatchObject({ answers: { direction: "khv", date: "2027-01-15" }, changed: [], base_version: 2 });
  });
});

describe("another door", () => {
  it("is merged in with a word about it", async () => {
    const keeper = new DraftKeeper("flight");
    server({ "PUT draft": { draft: stored({ answers: { direction: "khv", date: "2027-01-20" }, version: 5 }), merged: true } });
    keeper.change("direction", { direction: "khv" });
    await vi.advanceTimersByTimeAsync(500);
    expect(keeper.merged.value).toBe(true);
    expect(keeper.draft.value).toMatchObject({ answers: { direction: "khv", date: "2027-01-20" }, base_version: 5, client_key: "key-server" });
  });

  it("has attached files too: both doors' are there, also those put in and taken out during the call", async () => {
    const keeper = new DraftKeeper("flight");
    keeper.draft.value = { ...FRESH, answers: { files: ["a", "mine"] }, base: { files: ["a"] }, base_version: 1, changed: ["files"] };
    server({
      "PUT draft": () => {
        if (puts().length === 1) keeper.change("files", { files: ["a", "later"] });
        return { draft: stored({ answers: { files: ["a", "theirs", "mine"] }, version: 2 + puts().length }), merged: true };
      },
    });
    await keeper.sync();
    expect(puts()[0]).toMatchObject({ base: { files: ["a"] }, answers: { files: ["a", "mine"] } });
    expect(keeper.draft.value).toMatchObject({ answers: { files: ["a", "theirs", "later"] }, changed: ["files"], base: { files: ["a", "theirs", "mine"] } });
    expect(keeper.merged.value).toBe(true);
  });

  it("has filled the question up: the person sees all of them and chooses; nothing is asked in a circle", async () => {
    const keeper = new DraftKeeper("flight");
    keeper.draft.value = { ...FRESH, answers: { files: ["a", "mine"] }, base: { files: ["a"] }, base_version: 1, changed: ["files"] };
    server({
      "GET draft": { draft: stored({ answers: { files: ["a", "theirs"] }, version: 2 }) },
      "PUT draft": problem(422, "invalid_answers", { errors: [] }),
    });
    await keeper.sync();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(keeper.draft.value).toMatchObject({ answers: { files: ["a", "theirs", "mine"] }, base_version: 2, changed: ["files"] });
    expect(puts()).toHaveLength(1);
  });

  it("has gone on meanwhile: the form opens with its answers", async () => {
    server({ "GET draft": { draft: stored({ answers: { date: "2027-01-20" }, version: 3 }) } });
    const keeper = new DraftKeeper("flight");
    await keeper.load();
    expect(keeper.draft.value?.answers).toEqual({ date: "2027-01-20" });
    expect(keeper.merged.value).toBe(false);
  });
});

describe("after sending", () => {
  it("nothing of it comes back", async () => {
    const keeper = new DraftKeeper("flight");
    keeper.change("direction", { direction: "khv" });
    keeper.save();
    keeper.forgetSent(keeper.clientKey());
    await vi.advanceTimersByTimeAsync(2_000);
    expect([keeper.draft.value, onDevice(), puts()]).toEqual([null, null, []]);
  });

  it("a saving call that was under way is undone on the server", async () => {
    const keeper = new DraftKeeper("flight");
    let answer: (value: unknown) => void = () => undefined;
    server({ "PUT draft": () => new Promise((resolve) => (answer = resolve)) });
    keeper.change("direction", { direction: "khv" });
    await vi.advanceTimersByTimeAsync(500);
    keeper.forgetSent(keeper.clientKey());
    answer({ draft: stored(), merged: false });
    await vi.advanceTimersByTimeAsync(50);
    expect(calls.at(-1)?.method).toBe("DELETE");
    expect(keeper.draft.value).toBeNull();
  });

  it("a draft with another key stays", () => {
    const keeper = new DraftKeeper("flight");
    keeper.change("direction", { direction: "khv" });
    keeper.forgetSent("another-key");
    expect(keeper.draft.value).not.toBeNull();
  });
});

it("leaves nothing behind when a form was only looked at", () => {
  const keeper = new DraftKeeper("flight");
  keeper.clientKey();
  keeper.save();
  expect(onDevice()).toBeNull();
});

it("keeps people on one device apart", () => {
  const keeper = new DraftKeeper("flight");
  keeper.change("direction", { direction: "khv" });
  keeper.save();
  user.value = person("ru", { id: "somebody-else" });
  expect(onDevice()).toBeNull();
});
