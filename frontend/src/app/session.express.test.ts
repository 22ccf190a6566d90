import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { User } from "../api/types";
import { user as person } from "../testing/fixtures";
import { calls as http, mockApi, problem } from "../testing/mock";
import { FakeMessenger, leaveMessenger, ok, openedHost, refused, type Said } from "../testing/messenger";

let messenger: FakeMessenger;
let visit = 0;
const session = (token: string, expires_in = 600, who: User = person("ru")) => ok({ access_token: token, token_type: "Bearer", expires_in, user: who });

beforeEach(() => {
  messenger = new FakeMessenger();
  // The browser's own store outlives the tests: every test is on a device of its own.
  messenger.answers.request_self_profile = { status: "success", data: { user_huid: `huid-${String(++visit)}` } };
  http.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  leaveMessenger();
});

/** A page in the messenger; `remembered` is what its store still has. */
async function open(remembered?: { user: User; account: string | null }) {
  if (remembered) messenger.stored.set("session", JSON.stringify({ at: Date.now(), value: remembered }));
  const host = await openedHost();
  await host.ready();
  const [app, { api }, transport] = await Promise.all([import("./session"), import("../api/client"), import("../api/transport")]);
  if (host.carrier) transport.lendCarrier(host.carrier);
  return { ...app, api, host, overHttp: transport.overHttp };
}

const now = () => `huid-${String(visit)}`;

describe("at launch in eXpress", () => {
  it("nobody is asked: the messenger vouches for the person", async () => {
    messenger.answers["auth.session"] = session("token-1");
    const app = await open();
    await app.startSession();
    expect([app.sessionState.value, app.user.value?.full_name]).toEqual(["in", "Воронцова Анна Сергеевна"]);
    expect(messenger.calls("auth.session").map(({ payload }) => payload)).toEqual([{ locale: "ru" }]);
    expect(http).toEqual([]);
  });

  it("the token stays in memory", async () => {
    messenger.answers["auth.session"] = session("token-1");
    await (await open()).startSession();
    await vi.waitFor(() => expect(messenger.stored.has("session")).toBe(true));
    expect(JSON.stringify([...messenger.stored])).not.toContain("token-1");
    expect([sessionStorage.length, localStorage.length]).toEqual([0, 0]);
  });

  it("the copies of the last visit are shown while the sign-in goes on", async () => {
    let answer: (said: Said) => void = () => undefined;
    messenger.answers["auth.session"] = () => new Promise((resolve) => (answer = resolve));
    const app = await open({ user: person("ru"), account: now() });
    await app.startSession();
    expect([app.sessionState.value, app.signInFailure.value]).toEqual(["in", null]);
    answer(session("token-1", 600, person("ru", { short_name: "Новое имя" })));
    await vi.waitFor(() => expect(app.user.value?.short_name).toBe("Новое имя"));
  });

  it.each([["another account", "huid-of-somebody-else"], ["an account unknown then", null]])("never those of %s", async (_whose, account) => {
    let answer: (said: Said) => void = () => undefined;
    messenger.answers["auth.session"] = () => new Promise((resolve) => (answer = resolve));
    const app = await open({ user: person("ru", { full_name: "Чужой Человек" }), account });
    const started = app.startSession();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([app.sessionState.value, app.user.value]).toEqual(["starting", null]);
    answer(session("token-1"));
    await started;
    expect(app.user.value?.full_name).toBe("Воронцова Анна Сергеевна");
  });

  it("a client that does not tell whose it is costs no time", async () => {
    messenger.answers.request_self_profile = null;
    messenger.answers["auth.session"] = session("token-1");
    const app = await open();
    const before = Date.now();
    await app.startSession();
    expect(app.sessionState.value).toBe("in");
    expect(Date.now() - before).toBeLessThan(1_000);
  });

  it("without an answer it says so, and lets the person in when one comes", async () => {
    messenger.answers["auth.session"] = { status: "error", error_code: "no_connection" };
    const app = await open();
    await app.startSession();
    expect(app.sessionState.value).toBe("out");
    expect(app.signInFailure.value).toMatchObject({ network: true });
    messenger.answers["auth.session"] = session("token-1");
    expect(await app.signInAgain()).toBe(true);
    expect([app.sessionState.value, app.signInFailure.value]).toEqual(["in", null]);
  });

  it("the server's no is a no, also to a remembered person", async () => {
    messenger.answers["auth.session"] = refused(403, "forbidden", { detail: "Учётная запись закрыта." });
    const app = await open({ user: person("ru"), account: now() });
    await app.startSession();
    await vi.waitFor(() => expect(app.sessionState.value).toBe("out"));
    expect(app.signInFailure.value).toMatchObject({ status: 403, detail: "Учётная запись закрыта." });
  });

  it("a busy server is no reason to show a remembered person out", async () => {
    messenger.answers["auth.session"] = refused(503, "database_unavailable");
    const app = await open({ user: person("ru"), account: now() });
    await app.startSession();
    expect(app.sessionState.value).toBe("in");
  });
});

describe("the token for plain HTTP", () => {
  const ask = { method: "GET" as const, path: "me", language: "ru" };
  const tokens = () => http.map(({ headers }) => headers.get("Authorization"));

  it("is fetched again a minute before its end, while somebody looks", async () => {
    messenger.answers["auth.session"] = session("token-1", 300);
    const app = await open();
    vi.useFakeTimers();
    await app.startSession();
    await vi.advanceTimersByTimeAsync(239_000);
    expect(messenger.calls("auth.session")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(messenger.calls("auth.session")).toHaveLength(2);
  });

  it("waits with that until the app is looked at again", async () => {
    messenger.answers["auth.session"] = session("token-1", 300);
    const app = await open();
    vi.useFakeTimers();
    await app.startSession();
    messenger.push("app_visibility", { visible: false });
    await vi.advanceTimersByTimeAsync(400_000);
    expect(messenger.calls("auth.session")).toHaveLength(1);
    messenger.push("app_visibility", { visible: true });
    await vi.advanceTimersByTimeAsync(10);
    expect(messenger.calls("auth.session")).toHaveLength(2);
  });

  it("that lives shortly is not fetched without end", async () => {
    messenger.answers["auth.session"] = session("token-1", 20);
    const app = await open();
    vi.useFakeTimers();
    await app.startSession();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(messenger.calls("auth.session")).toHaveLength(1);
  });

  it("is renewed on 401, once, and the call repeated", async () => {
    const given = ["token-1", "token-2"];
    messenger.answers["auth.session"] = () => session(given.shift() ?? "");
    mockApi({ "GET me": ({ headers }: { headers: Headers }) => (headers.get("Authorization") === "Bearer token-2" ? {} : problem(401, "token_expired")) });
    const app = await open();
    await app.startSession();
    const answers = await Promise.all([app.overHttp(ask), app.overHttp(ask)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(messenger.calls("auth.session")).toHaveLength(2);
    expect(tokens()).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]);
  });

  it("is never made up: without one nothing is sent", async () => {
    mockApi({ "GET me": {} });
    messenger.answers["auth.session"] = { status: "error", error_code: "no_connection" };
    const app = await open();
    await app.startSession();
    await expect(app.overHttp(ask)).rejects.toMatchObject({ network: true });
    expect(http).toEqual([]);
  });

  it("that has ended is not used any more", async () => {
    mockApi({ "GET me": {} });
    messenger.answers["auth.session"] = session("token-1", 300);
    const app = await open();
    vi.useFakeTimers({ toFake: ["Date"] });
    await app.startSession();
    messenger.answers["auth.session"] = { status: "error", error_code: "no_connection" };
    vi.setSystemTime(Date.now() + 301_000);
    await expect(app.overHttp(ask)).rejects.toMatchObject({ network: true });
    expect(http).toEqual([]);
  });
});
