import { beforeEach, describe, expect, it, vi } from "vitest";

import type { User } from "../api/types";
import { calls, mockApi, NO_NETWORK, problem, type Routes } from "../testing/mock";
import { user as person } from "../testing/fixtures";

type App = typeof import("./session") & { api: typeof import("../api/client").api; host: typeof import("../platform").host };

const session = (token: string, who: User = person("ru")) => ({ access_token: token, token_type: "Bearer", expires_in: 3600, user: who });

/** A fresh page on a device that remembers what it is told to. */
async function open(routes: Routes, remembered?: object, token?: string): Promise<App> {
  vi.resetModules();
  document.body.innerHTML = `<script type="application/json" id="config">{"mode":"demo","providers":["demo"]}</script>`;
  calls.length = 0;
  mockApi(routes);
  const { host } = await import("../platform");
  await host.storage.remove("session");
  host.tab.set("token", token ?? null);
  if (remembered) await host.storage.set("session", remembered);
  const [module, { api }] = await Promise.all([import("./session"), import("../api/client")]);
  await module.startSession();
  return { ...module, api, host };
}

const known = { user: person("ru"), persona: "employee" };

describe("at launch", () => {
  it("asks whom it does not know", async () => {
    const app = await open({});
    expect(app.sessionState.value).toBe("out");
    expect(calls).toHaveLength(0);
  });

  it("goes on with the tab's session without a call", async () => {
    const app = await open({}, known, "token-1");
    expect(app.sessionState.value).toBe("in");
    expect(calls).toHaveLength(0);
  });

  it("signs a remembered persona in silently", async () => {
    const app = await open({ "POST session": session("token-2"), "GET me": {} }, known);
    expect(app.sessionState.value).toBe("in");
    await app.api.me();
    expect(calls.map(({ path, headers }) => [path, headers.get("Authorization")])).toEqual([
      ["session", null],
      ["me", "Bearer token-2"],
    ]);
  });

  it("shows what the device knows when there is no network", async () => {
    const app = await open({ "POST session": NO_NETWORK }, known);
    expect(app.sessionState.value).toBe("in");
    expect(app.user.value?.full_name).toBe("Воронцова Анна Сергеевна");
  });

  it("never keeps a way in for a password", async () => {
    const app = await open({}, { user: person("ru") });
    expect(app.sessionState.value).toBe("out");
  });
});

describe("a session that has ended", () => {
  const ended = (): Routes => ({
    "POST session": session("token-new"),
    "GET me": ({ headers }: { headers: Headers }) =>
      headers.get("Authorization") === "Bearer token-new" ? { ok: true } : problem(401, "token_expired"),
  });

  it("is renewed once for many calls, and each call is repeated", async () => {
    const app = await open(ended(), known, "token-old");
    const answers = await Promise.all([app.api.me(), app.api.me(), app.api.me()]);
    expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(calls.filter(({ path }) => path === "session")).toHaveLength(1);
    expect(app.sessionState.value).toBe("in");
  });

  it("asks for a sign-in when it cannot be renewed", async () => {
    const app = await open({ ...ended(), "POST session": problem(403, "forbidden") }, known, "token-old");
    await expect(app.api.me()).rejects.toMatchObject({ status: 401, code: "token_expired" });
    expect(app.sessionState.value).toBe("out");
  });

  it("does not throw the person out because the network is gone", async () => {
    const app = await open({ ...ended(), "POST session": NO_NETWORK }, known, "token-old");
    await expect(app.api.me()).rejects.toMatchObject({ status: 401 });
    expect(app.sessionState.value).toBe("in");
  });
});

describe("a busy server", () => {
  it("is no reason to ask who the person is", async () => {
    const busy = problem(503, "database_unavailable");
    const app = await open({ "POST session": busy, "GET me": problem(401, "token_expired") }, known, "token-old");
    await expect(app.api.me()).rejects.toMatchObject({ status: 401 });
    expect(app.sessionState.value).toBe("in");
  });
});

describe("signing in and out", () => {
  it("tells a wrong password from a broken network", async () => {
    const app = await open({ "POST session": problem(401, "wrong_credentials") });
    const wrong = app.signIn({ provider: "local", login: "a", password: "b" });
    await expect(wrong).rejects.toMatchObject({ code: "wrong_credentials", network: false });
    expect(app.sessionState.value).toBe("out");
  });

  it("forgets the person when they leave", async () => {
    const app = await open({ "POST session": session("t"), "DELETE session": null });
    await app.signIn({ provider: "demo", persona: "employee" });
    await app.host.storage.set(`cache:${person("ru").id}:ru:me`, { value: "private", at: 1 });
    await app.signOut();
    expect(await app.host.storage.keys("cache:")).toEqual([]);
    expect(app.sessionState.value).toBe("out");
    expect(await app.host.storage.get("session")).toBeUndefined();
    expect(app.host.tab.get("token")).toBeNull();
  });
});

beforeEach(() => vi.unstubAllGlobals());
