import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeTelegram, leaveTelegram, openedInTelegram, type Opened } from "../testing/telegram";

describe("may the bot write first", () => {
  const ASK = "web_app_request_write_access";
  const known = new Map<string, unknown>();
  let telegram: FakeTelegram;
  const ask = async (opening: Opened = {}) => {
    leaveTelegram();
    telegram = new FakeTelegram(opening);
    const host = await openedInTelegram();
    vi.spyOn(host.storage, "get").mockImplementation(<T>(key: string) => Promise.resolve(known.get(key) as T | undefined));
    vi.spyOn(host.storage, "set").mockImplementation((key, value) => Promise.resolve(void known.set(key, value)));
    await host.askToWrite?.();
    return { asked: telegram.calls(ASK).length, answer: (status: string) => telegram.push("write_access_requested", { status }) };
  };
  beforeEach(() => known.clear());
  afterEach(() => {
    vi.useRealTimers();
    leaveTelegram();
  });

  it("is asked, and after a yes never again", async () => {
    const { asked, answer } = await ask();
    expect(asked).toBe(1);
    answer("allowed");
    vi.useFakeTimers({ now: Date.now() + 400 * 24 * 3_600_000, toFake: ["Date"] });
    expect((await ask()).asked).toBe(0);
  });

  it("is not asked again for a month after a no, or when the app was closed over the question", async () => {
    (await ask()).answer("cancelled");
    expect((await ask()).asked).toBe(0);
    vi.useFakeTimers({ now: Date.now() + 31 * 24 * 3_600_000, toFake: ["Date"] });
    expect((await ask()).asked).toBe(1);
  });

  it("is not asked of whoever has allowed it already, nor of a client that does not know the question", async () => {
    expect((await ask({ user: { id: 5, allows_write_to_pm: true } })).asked).toBe(0);
    expect((await ask({ version: "6.8" })).asked).toBe(0);
    expect(known.size).toBe(0);
  });

  it("is each person's own answer", async () => {
    (await ask({ user: { id: 5 } })).answer("allowed");
    expect((await ask({ user: { id: 6 } })).asked).toBe(1);
  });
});
