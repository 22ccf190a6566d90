import { beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError, networkError } from "../api/errors";
import { host } from "../platform";
import { now } from "./clock";
import { forgetData, invalidate, resource, setOwner } from "./data";

let person = 0;
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

beforeEach(() => setOwner(`person-${String(++person)}`));

describe("a resource", () => {
  it("asks once for many at the same time", async () => {
    const load = vi.fn(() => Promise.resolve({ n: 1 }));
    const it = resource("one", load);
    await Promise.all([it.refresh(), it.refresh(), resource("one", load).refresh()]);
    expect(load).toHaveBeenCalledOnce();
    expect(it.data.value).toEqual({ n: 1 });
    expect(it.stale.value).toBe(false);
  });

  it("shows the copy of the device while the server is asked, and keeps it when the network fails", async () => {
    await host.storage.set(`cache:person-${String(person)}:ru:copy`, { value: "old", at: 42 });
    let fail: (reason: unknown) => void = () => undefined;
    const it = resource("copy", () => new Promise<string>((_resolve, reject) => (fail = reject)));
    const asked = it.refresh();
    await settled();
    expect([it.data.value, it.stale.value, it.loadedAt.value]).toEqual(["old", true, 42]);
    fail(networkError("offline"));
    await asked;
    expect(it.data.value).toBe("old");
    expect(it.error.value?.network).toBe(true);
  });

  it("leaves a copy for the next visit", async () => {
    await resource("kept", () => Promise.resolve("new")).refresh();
    await settled();
    const copy = await host.storage.get<{ value: string }>(`cache:person-${String(person)}:ru:kept`);
    expect(copy?.value).toBe("new");
  });

  it("forgets its error with the next success", async () => {
    const answers = [() => Promise.reject(networkError("timeout")), () => Promise.resolve(2)];
    const it = resource("flaky", () => (answers.shift() as () => Promise<number>)());
    await it.refresh();
    expect(it.error.value?.code).toBe("network_timeout");
    await it.refresh();
    expect([it.error.value, it.data.value]).toEqual([null, 2]);
  });

  it("turns anything thrown into one kind of error", async () => {
    const it = resource("broken", () => Promise.reject(new Error("oops")));
    await it.refresh();
    expect(it.error.value).toBeInstanceOf(ApiError);
    expect(it.error.value?.code).toBe("client_error");
  });

  it("learns the server's clock", async () => {
    await resource("clock", () => Promise.resolve({ server_time: "2030-01-01T00:00:00Z" })).refresh();
    expect(now().toISOString().slice(0, 10)).toBe("2030-01-01");
  });
});

describe("another person on the same device", () => {
  it("sees nothing of the one before", async () => {
    const before = resource("mine", () => Promise.resolve("theirs"));
    await before.refresh();
    setOwner("someone-else");
    const after = resource("mine", () => new Promise<string>(() => undefined));
    void after.refresh();
    await settled();
    expect(after.data.value).toBeUndefined();
  });
});

describe("a change", () => {
  it("asks again for what begins with the name, and for nothing else", async () => {
    const list = vi.fn(() => Promise.resolve(1));
    const other = vi.fn(() => Promise.resolve(1));
    await Promise.all([resource("applications:recent", list).refresh(), resource("me", other).refresh()]);
    invalidate("applications:");
    await settled();
    expect(list).toHaveBeenCalledTimes(2);
    expect(other).toHaveBeenCalledOnce();
  });

  it("that comes while an answer is on its way asks once more: that answer may be from before", async () => {
    const answers = ["before", "after"];
    const it = resource("periods:flight", () => settled().then(() => answers.shift() ?? "asked too often"));
    const first = it.refresh();
    invalidate("periods:");
    invalidate("periods:");
    await first;
    expect(it.data.value).toBe("before");
    await settled();
    await settled();
    expect(it.data.value).toBe("after");
  });
});

describe("a screen that could not be drawn", () => {
  it("starts from fresh answers, not from the device's copies", async () => {
    await resource("poison", () => Promise.resolve("bad")).refresh();
    await forgetData();
    const again = resource("poison", () => new Promise<string>(() => undefined));
    void again.refresh();
    await settled();
    expect(again.data.value).toBeUndefined();
  });
});
