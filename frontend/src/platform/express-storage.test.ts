import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeMessenger, leaveMessenger, openedHost } from "../testing/messenger";
import type { KeyValueStore } from "./host";
import { createStore } from "./storage";

let messenger: FakeMessenger;
let near: KeyValueStore;

beforeEach(async () => {
  messenger = new FakeMessenger();
  near = createStore("express-bot");
  for (const key of await near.keys("")) await near.remove(key);
});
afterEach(() => {
  vi.useRealTimers();
  leaveMessenger();
});

async function opened() {
  const host = await openedHost();
  await host.ready();
  return host.storage;
}

const kept = (key: string) => JSON.parse(messenger.stored.get(key) ?? "null") as { value: unknown } | null;

describe("the client's store", () => {
  it("keeps values as JSON, and the browser's own store nothing", async () => {
    const store = await opened();
    await store.set("draft:flight", { direction: "gdx", "2027-01-15": true });
    expect(kept("draft:flight")?.value).toEqual({ direction: "gdx", "2027-01-15": true });
    expect(await store.get("draft:flight")).toEqual({ direction: "gdx", "2027-01-15": true });
    expect(await near.keys("")).toEqual([]);
  });

  it("knows what was never kept and what was removed", async () => {
    const store = await opened();
    await store.set("a", 1);
    await store.remove("a");
    await store.remove("a");
    expect([await store.get("a"), await store.get("b")]).toEqual([undefined, undefined]);
    expect(messenger.stored.has("a")).toBe(false);
  });

  it("lists its keys, also in the next visit", async () => {
    const store = await opened();
    await Promise.all([store.set("cache:1", 1), store.set("cache:2", 2), store.set("draft", 3)]);
    await store.remove("cache:1");
    expect(await store.keys("cache:")).toEqual(["cache:2"]);
    const before = messenger.stored;
    messenger = new FakeMessenger();
    before.forEach((value, key) => messenger.stored.set(key, value));
    expect((await (await opened()).keys("")).sort()).toEqual(["cache:2", "draft"]);
  });

  it("says ready before it asks for anything", async () => {
    const host = await openedHost();
    await host.storage.get("locale");
    expect(messenger.posted[0]?.method).toBe("ready");
  });

  it("keeps the last of several values", async () => {
    const store = await opened();
    await Promise.all([store.set("a", 1), store.set("a", 2), store.set("a", 3)]);
    expect(await store.get("a")).toBe(3);
  });
});

describe("what the client does not take", () => {
  it.each(["value_size_exceeded", "storage_limit_reached"])("stays in the browser: %s", async (error_code) => {
    messenger.answers.client_storage_set = { status: "error", error_code };
    const store = await opened();
    await store.set("a", "big");
    expect(await store.get("a")).toBe("big");
    expect(messenger.stored.size).toBe(0);
    expect(await store.keys("a")).toEqual(["a"]);
  });

  it("stands as long as it is newer, and goes when the client takes a newer one", async () => {
    const store = await opened();
    await store.set("a", 1);
    const take = messenger.answers.client_storage_set as object;
    messenger.answers.client_storage_set = { status: "error", error_code: "storage_limit_reached" };
    await new Promise((resolve) => setTimeout(resolve, 2));
    await store.set("a", 2);
    expect(await store.get("a")).toBe(2);
    messenger.answers.client_storage_set = take as never;
    await new Promise((resolve) => setTimeout(resolve, 2));
    await store.set("a", 3);
    expect([await store.get("a"), await near.keys("a")]).toEqual([3, []]);
  });

  it("is removed even where the client does not answer", async () => {
    const store = await opened();
    await store.set("a", 1);
    messenger.answers.client_storage_remove = { status: "error", error_code: "io" };
    await new Promise((resolve) => setTimeout(resolve, 2));
    await store.remove("a");
    expect(await store.get("a")).toBeUndefined();
  });
});

describe("a client without a store", () => {
  it("is asked once, and left alone after three seconds", async () => {
    messenger.answers.client_storage_get = null;
    messenger.answers.client_storage_set = null;
    const store = await opened();
    vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
    const first = store.get("a");
    await vi.advanceTimersByTimeAsync(3_100);
    expect(await first).toBeUndefined();
    await store.set("a", 1);
    expect(await store.get("a")).toBe(1);
    expect(messenger.posted.filter(({ method }) => method.startsWith("client_storage"))).toHaveLength(1);
    vi.setSystemTime(Date.now() + 31_000);
    void store.get("a");
    await vi.advanceTimersByTimeAsync(10);
    expect(messenger.calls("client_storage_get")).toHaveLength(2);
  });

  it("that is not there at all costs no more waiting", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    messenger.answers = {};
    const host = await openedHost();
    const asked = host.storage.get("a");
    await vi.advanceTimersByTimeAsync(3_100);
    expect(await asked).toBeUndefined();
    await host.storage.set("a", 1);
    expect(await host.storage.get("a")).toBe(1);
    expect(messenger.calls("client_storage_get")).toHaveLength(0);
  });
});
