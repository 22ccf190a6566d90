import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { FakeTelegram, launchHash, leaveTelegram, openedInTelegram } from "../testing/telegram";

let telegram: FakeTelegram;

beforeEach(() => {
  telegram = new FakeTelegram();
});
afterEach(leaveTelegram);

describe("what was signed", () => {
  it("is given until it is spent, and not kept after that", async () => {
    const { proof } = await openedInTelegram();
    expect(proof?.value()).toContain("hash=f00d");
    expect(sessionStorage.getItem("telegram-launch")).toContain("f00d");
    proof?.spend();
    expect(proof?.value()).toBeNull();
    expect(sessionStorage.getItem("telegram-launch")).not.toContain("auth_date");
  });

  it("survives a reload before it was spent", async () => {
    const before = (await openedInTelegram()).proof?.value();
    telegram.load();
    const host = await openedInTelegram();
    expect([host.kind, host.proof?.value()]).toEqual(["telegram", before]);
    expect(await host.account()).toBe("77");
  });

  it("is gone after a reload in a frame that may keep nothing, and Telegram is not", async () => {
    leaveTelegram();
    telegram = new FakeTelegram({ version: "8.0", platform: "weba" }, true);
    await openedInTelegram();
    sessionStorage.clear();
    telegram.load();
    const host = await openedInTelegram();
    expect([host.kind, host.proof?.value()]).toEqual(["telegram", null]);
    expect(telegram.calls("web_app_setup_swipe_behavior"), "the version is known").toHaveLength(1);
  });

  it("is not taken twice from a client that loads the first address again", async () => {
    const first = await openedInTelegram();
    first.proof?.spend();
    telegram.load(`/${launchHash()}`);
    expect((await openedInTelegram()).proof?.value()).toBeNull();
    telegram.load(`/${launchHash({ hash: "cafe" })}`);
    expect((await openedInTelegram()).proof?.value()).toContain("hash=cafe");
  });

  it.each([["%7Bno json"], ["null"], ["[1]"], ["{}"]])("may name nobody: user=%s", async (user) => {
    const data = new URLSearchParams({ user: decodeURIComponent(user), hash: "1" }).toString();
    telegram.load(`/#${new URLSearchParams({ tgWebAppData: data, tgWebAppVersion: "9.1", tgWebAppThemeParams: user }).toString()}`);
    const host = await openedInTelegram();
    expect([await host.account(), host.locale]).toEqual([null, null]);
    expect(host.proof?.value()).toBe(data);
  });
});

