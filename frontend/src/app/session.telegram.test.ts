import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { user as person } from "../testing/fixtures";
import { calls as http, mockApi, NO_NETWORK, problem, type Routes } from "../testing/mock";
import { FakeTelegram, launchHash, leaveTelegram, openedInTelegram, type Opened } from "../testing/telegram";

let telegram: FakeTelegram;
let visit = 0;
const session = (token: string, who = person("ru")) => ({ access_token: token, token_type: "Bearer", expires_in: 3600, user: who });

beforeEach(() => {
  telegram = new FakeTelegram(opening());
  http.length = 0;
});
afterEach(leaveTelegram);

/** Every test has a phone and an account of its own: the browser's own store outlives them. */
function opening(more: Opened = {}): Opened {
  return { user: { id: 1_000 + ++visit, language_code: "ru" }, ...more };
}

async function open(routes: Routes) {
  mockApi(routes);
  const host = await openedInTelegram();
  await host.ready();
  const [app, { api }] = await Promise.all([import("./session"), import("../api/client")]);
  return { ...app, api, host };
}

const signIns = () => http.filter(({ method, path }) => method === "POST" && path === "session");
const tokens = (path: string) => http.filter((call) => call.path === path).map(({ headers }) => headers.get("Authorization"));

describe("at launch in Telegram", () => {
  it("what Telegram signed is exchanged, once, over HTTP", async () => {
    const app = await open({ "POST session": session("token-1") });
    await app.startSession();
    expect([app.sessionState.value, app.user.value?.short_name]).toEqual(["in", "Воронцова А. С."]);
    expect(signIns()).toHaveLength(1);
    expect(signIns()[0]?.body).toMatchObject({ provider: "telegram" });
    expect(signIns()[0]?.headers.get("Authorization")).toBeNull();
    expect(app.host.proof?.value()).toBeNull();
  });

  it("a page loaded again goes on with its session: there is nothing left to exchange", async () => {
    const before = await open({ "POST session": session("token-1") });
    await before.startSession();
    await vi.waitFor(async () => expect(await before.host.storage.get("session")).toBeTruthy());
    telegram.load();
    const app = await open({ "POST session": problem(401, "wrong_credentials"), "GET me": {} });
    await app.startSession();
    expect(app.sessionState.value).toBe("in");
    await app.api.me();
    expect(tokens("me")).toEqual(["Bearer token-1"]);
    expect(signIns()).toHaveLength(1);
  });

  it("another opening is another exchange, also beside a session that still lives", async () => {
    const before = await open({ "POST session": session("token-1") });
    await before.startSession();
    telegram.load(`/${launchHash(opening({ hash: "cafe" }))}`);
    const app = await open({ "POST session": session("token-2", person("ru", { id: "somebody-else" })), "GET me": {} });
    await app.startSession();
    await app.api.me();
    expect([app.user.value?.id, tokens("me")]).toEqual(["somebody-else", ["Bearer token-2"]]);
  });

  it("the copies of the last visit are shown to the same account while the exchange goes on", async () => {
    const account = `account-${String(visit)}`;
    telegram.load(`/${launchHash(opening({ user: { id: account } }))}`);
    let answer: (value: unknown) => void = () => undefined;
    const app = await open({ "POST session": () => new Promise((resolve) => (answer = resolve)) });
    await app.host.storage.set("session", { user: person("ru"), account });
    await app.startSession();
    expect(app.sessionState.value).toBe("in");
    answer(session("token-1", person("ru", { short_name: "Новое имя" })));
    await vi.waitFor(() => expect(app.user.value?.short_name).toBe("Новое имя"));
  });

  it("but not to another one", async () => {
    let answer: (value: unknown) => void = () => undefined;
    const app = await open({ "POST session": () => new Promise((resolve) => (answer = resolve)) });
    await app.host.storage.set("session", { user: person("ru", { full_name: "Чужой Человек" }), account: "9" });
    const started = app.startSession();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([app.sessionState.value, app.user.value]).toEqual(["starting", null]);
    answer(session("token-1"));
    await started;
    expect(app.user.value?.full_name).toBe("Воронцова Анна Сергеевна");
  });

  it("data that is too old lets nobody in, and is not tried again", async () => {
    const app = await open({ "POST session": problem(401, "wrong_credentials") });
    await app.startSession();
    expect([app.sessionState.value, app.host.proof?.value()]).toEqual(["out", null]);
    expect(await app.signInAgain()).toBe(false);
    expect(signIns()).toHaveLength(1);
    expect(app.signInFailure.value).toMatchObject({ status: 401 });
  });

  it("without a network it is tried again with the same data", async () => {
    let answer: unknown = NO_NETWORK;
    const app = await open({ "POST session": () => answer });
    await app.startSession();
    expect([app.sessionState.value, app.host.proof?.value() === null]).toEqual(["out", false]);
    answer = session("token-1");
    expect(await app.signInAgain()).toBe(true);
    expect(app.sessionState.value).toBe("in");
    expect(new Set(signIns().map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });
});

describe("a session in Telegram", () => {
  it("that has ended says so, and what was signed long ago is not sent again", async () => {
    const app = await open({ "POST session": session("token-1"), "GET me": problem(401, "token_expired") });
    await app.startSession();
    await expect(app.api.me()).rejects.toMatchObject({ status: 401 });
    expect([app.sessionState.value, signIns().length]).toEqual(["out", 1]);
    expect(app.signInFailure.value).toMatchObject({ status: 401, code: "session_over" });
    expect(app.host.tab.get("token")).toBeNull();
  });
});

describe("a guest", () => {
  const guest = person("ru", { id: "guest", roles: [], profile_complete: false });

  it("is nobody yet", async () => {
    const app = await open({ "POST session": session("token-g", guest) });
    await app.startSession();
    expect(app.sessionState.value).toBe("guest");
  });

  it("who enters a code goes on as the person they are", async () => {
    const app = await open({ "POST session": session("token-g", guest), "GET me": {} });
    await app.startSession();
    await app.goOnWith(session("token-2") as never);
    await app.api.me();
    expect([app.sessionState.value, tokens("me")]).toEqual(["in", ["Bearer token-2"]]);
    expect(await app.host.storage.get("session")).toMatchObject({ user: { id: person("ru").id } });
  });

  it("who was linked from the other side is asked about", async () => {
    let who = guest;
    const app = await open({ "POST session": session("token-g", guest), "GET info": () => ({ user: who }) });
    await app.startSession();
    expect([await app.meetAgain(), app.sessionState.value]).toEqual([false, "guest"]);
    who = person("ru");
    expect([await app.meetAgain(), app.sessionState.value]).toEqual([true, "in"]);
  });
});
