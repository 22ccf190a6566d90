import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Call, Carrier, Reply } from "./carrier";
import { ApiError, networkError } from "./errors";
import { inTurn } from "./failover";

const call: Call = { method: "POST", path: "submit", key: "key-1", language: "ru" };
const yes = (name: string): Reply => ({ status: 200, body: name });

let online = true;
let first: ReturnType<typeof vi.fn<Carrier>>;
let second: ReturnType<typeof vi.fn<Carrier>>;
let way: Carrier;

beforeEach(() => {
  vi.useFakeTimers();
  online = true;
  first = vi.fn(() => Promise.resolve(yes("first")));
  second = vi.fn(() => Promise.resolve(yes("second")));
  way = inTurn(first, second, () => online);
});
afterEach(() => vi.useRealTimers());

const silent = () => Promise.reject(networkError("timeout"));

describe("two ways", () => {
  it("use the first as long as it answers", async () => {
    expect(await way(call)).toEqual(yes("first"));
    expect(second).not.toHaveBeenCalled();
  });

  it("take a refusal for an answer", async () => {
    first.mockResolvedValue({ status: 409, body: { code: "period_closed" } });
    expect((await way(call)).status).toBe(409);
    expect(second).not.toHaveBeenCalled();
  });

  it("fall back on the second with the same key, after the first has given up", async () => {
    let giveUp: (failure: unknown) => void = () => undefined;
    first.mockImplementation(() => new Promise((_resolve, reject) => (giveUp = reject)));
    const asked = way(call);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(second).not.toHaveBeenCalled();
    giveUp(networkError("timeout"));
    expect(await asked).toEqual(yes("second"));
    expect(second.mock.calls[0]?.[0].key).toBe("key-1");
  });

  it("leave a silent way alone for a while, and come back to it", async () => {
    first.mockImplementation(silent);
    await way(call);
    await way(call);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 2]);
    first.mockResolvedValue(yes("first"));
    vi.setSystemTime(Date.now() + 30_000);
    expect(await way(call)).toEqual(yes("first"));
  });

  it("return to the first at once when the second goes silent too", async () => {
    first.mockImplementationOnce(silent);
    await way(call);
    second.mockImplementation(silent);
    expect(await way(call)).toEqual(yes("first"));
  });

  it("tell the failure when neither answers, and begin with the first again", async () => {
    first.mockImplementation(silent);
    second.mockImplementation(silent);
    await expect(way(call)).rejects.toMatchObject({ network: true });
    first.mockResolvedValue(yes("first"));
    expect(await way(call)).toEqual(yes("first"));
    expect(second).toHaveBeenCalledOnce();
  });

  it("try nothing else while the messenger says that there is no network", async () => {
    first.mockImplementation(() => {
      online = false;
      return silent();
    });
    await expect(way(call)).rejects.toBeInstanceOf(ApiError);
    expect(second).not.toHaveBeenCalled();
  });

  it("begin with the first again once the network is back", async () => {
    first.mockImplementationOnce(() => {
      online = false;
      return silent();
    });
    await expect(way(call)).rejects.toMatchObject({ network: true });
    await expect(way(call)).rejects.toMatchObject({ code: "network_offline" });
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0]);
    online = true;
    expect(await way(call)).toEqual(yes("first"));
  });

  it("do not hide a mistake of our own", async () => {
    first.mockRejectedValue(new TypeError("oops"));
    await expect(way(call)).rejects.toThrow("oops");
    expect(second).not.toHaveBeenCalled();
  });
});

describe("calls that go one way only", () => {
  it("sign in over the first: only it knows who is calling", async () => {
    first.mockImplementation(silent);
    await expect(way({ ...call, anonymous: true })).rejects.toMatchObject({ network: true });
    expect(second).not.toHaveBeenCalled();
  });

  it("do not send twice what nobody waits for", async () => {
    first.mockImplementation(silent);
    await expect(way({ ...call, keepalive: true })).rejects.toMatchObject({ network: true });
    expect(second).not.toHaveBeenCalled();
  });
});
