import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Call } from "../api/carrier";
import { calls as http, mockApi, NO_NETWORK } from "../testing/mock";
import { FakeMessenger, leaveMessenger, ok, openedHost, refused } from "../testing/messenger";

const call: Call = { method: "POST", path: "submit", body: { form: "flight", answers: { date: "2027-01-15" } }, key: "key-1", language: "ru" };
const view = { number: "2027-0142" };
let messenger: FakeMessenger;

beforeEach(() => {
  messenger = new FakeMessenger();
  http.length = 0;
  mockApi({ "POST submit": view });
});
afterEach(() => {
  vi.useRealTimers();
  leaveMessenger();
});

/** The way of this page to the server, and a token for its second half. */
async function opened() {
  const host = await openedHost();
  await host.ready();
  const { lendCredentials } = await import("../api/transport");
  lendCredentials({ token: () => Promise.resolve("token-1"), renew: () => Promise.resolve(false), language: () => "ru" });
  if (!host.carrier) throw new Error("no carrier");
  return host.carrier;
}

describe("a call in eXpress", () => {
  it("goes over the bridge to the bot, its data hidden from the client's log", async () => {
    messenger.answers.submit = ok(view, 201);
    expect(await (await opened())(call)).toEqual({ status: 201, body: view });
    expect(messenger.calls("submit")).toMatchObject([
      {
        handler: "botx",
        payload: { client_key: "key-1", locale: "ru", body: { form: "flight", answers: { date: "2027-01-15" } } },
        hide_send_event_data: true,
        hide_recv_event_data: true,
      },
    ]);
    expect(http).toEqual([]);
  });

  it("takes the server's refusal as it is", async () => {
    messenger.answers.submit = refused(409, "period_closed", { detail: "Приём закрылся." });
    expect(await (await opened())(call)).toMatchObject({ status: 409, body: { code: "period_closed", detail: "Приём закрылся." } });
    expect(http).toEqual([]);
  });

  it("that gets no answer goes over HTTP with the same key, once", async () => {
    const carrier = await opened();
    vi.useFakeTimers();
    const asked = carrier(call);
    await vi.advanceTimersByTimeAsync(9_900);
    expect(http).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await asked).toEqual({ status: 200, body: view });
    expect(http.map(({ headers }) => [headers.get("Idempotency-Key"), headers.get("Authorization")])).toEqual([["key-1", "Bearer token-1"]]);
    expect(messenger.calls("submit")).toHaveLength(1);
  });

  it("that the client itself could not send goes over HTTP at once", async () => {
    messenger.answers.submit = { status: "error", error_code: "no_connection" };
    expect(await (await opened())(call)).toEqual({ status: 200, body: view });
    expect(http).toHaveLength(1);
  });

  it("prefers HTTP for a while then, and comes back to the bridge", async () => {
    const carrier = await opened();
    messenger.answers.submit = { status: "error", error_code: "no_connection" };
    await carrier(call);
    messenger.answers.submit = ok(view, 201);
    await carrier(call);
    expect([messenger.calls("submit").length, http.length]).toEqual([1, 2]);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 31_000);
    expect((await carrier(call)).status).toBe(201);
    expect(http).toHaveLength(2);
  });

  it("gives up at once when the messenger loses its network, and asks nobody else", async () => {
    const carrier = await opened();
    const asked = carrier(call);
    messenger.push("connection_status", { connection_status: "disconnected" });
    await expect(asked).rejects.toMatchObject({ network: true });
    await expect(carrier(call)).rejects.toMatchObject({ network: true });
    expect(messenger.calls("submit")).toHaveLength(1);
    messenger.answers.submit = ok(view, 201);
    messenger.push("connection_status", { connection_status: "connected" });
    expect((await carrier(call)).status).toBe(201);
    expect(http).toEqual([]);
  });

  it("tells when neither way answers", async () => {
    mockApi({ "POST submit": NO_NETWORK });
    messenger.answers.submit = { status: "error", error_code: "no_connection" };
    await expect((await opened())(call)).rejects.toMatchObject({ network: true });
  });
});
