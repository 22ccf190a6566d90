import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import * as fixtures from "../testing/fixtures";
import { calls as http } from "../testing/mock";
import { FakeMessenger, leaveMessenger, ok, ORIGIN, refused, type Said } from "../testing/messenger";

let messenger: FakeMessenger;
let root: HTMLElement;

beforeEach(() => {
  messenger = new FakeMessenger("?platform=web&theme=dark&locale=ru");
  http.length = 0;
  const config = { mode: "demo", providers: ["demo", "local"], frame_ancestors: [ORIGIN], express_bot_id: "bot-id" };
  document.body.innerHTML = `<script type="application/json" id="config">${JSON.stringify(config)}</script><div id="app"></div>`;
  root = document.getElementById("app") as HTMLElement;
  messenger.answers = { ...messenger.answers, ...goodDay() };
});
afterEach(() => {
  vi.useRealTimers();
  vi.doUnmock("../platform/express");
  delete document.documentElement.dataset.boot;
  leaveMessenger();
});

function goodDay(): Record<string, Said> {
  return {
    "auth.session": ok({ access_token: "token-1", token_type: "Bearer", expires_in: 600, user: fixtures.user("ru") }),
    info: ok(fixtures.info("ru")),
    me: ok(fixtures.me("ru")),
    periods: ok(fixtures.periods([fixtures.january("ru")])),
    form: ok(fixtures.formResponse(fixtures.flight("ru"), fixtures.january("ru"))),
    "applications.list": ok(fixtures.history("ru")),
    "draft.read": ok({ draft: null }),
    telemetry: ok(null, 204),
  };
}

async function start(): Promise<void> {
  const { start: begin } = await import("./start");
  await begin(root);
}

/** The files are there before the clock is ours. */
async function startInFakeTime(): Promise<{ done: Promise<void> }> {
  await Promise.all([import("./start"), import("../platform/express")]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return { done: start() };
}

const shows = (text: string) => vi.waitFor(() => expect(root.textContent.replace(/\u00a0/g, " ")).toContain(text));

describe("the app in eXpress", () => {
  it("shows home over the bridge alone, in the messenger's looks", async () => {
    await start();
    await shows("Мои заявки");
    await shows("Владивосток");
    expect(http).toEqual([]);
    const { theme, layout } = document.documentElement.dataset;
    expect([theme, layout]).toEqual(["dark", "half"]);
  });

  it("asks nobody who they are, and says why nobody is in", async () => {
    messenger.answers["auth.session"] = refused(403, "forbidden", { detail: "Учётная запись закрыта." });
    await start();
    await shows("Войти не получилось");
    await shows("Учётная запись закрыта.");
    expect(root.querySelector("input")).toBeNull();
    expect(root.querySelector("a[href='#/help']")).toBeNull();
    messenger.answers["auth.session"] = goodDay()["auth.session"] ?? null;
    [...root.querySelectorAll("button")].find((button) => button.textContent === "Повторить")?.click();
    await shows("Мои заявки");
  });

  it("tells of the network, and tries again when it is back", async () => {
    messenger.answers["auth.session"] = { status: "error", error_code: "no_connection" };
    await start();
    await shows("Нет связи с сервером");
    messenger.push("connection_status", { connection_status: "disconnected" });
    messenger.answers["auth.session"] = goodDay()["auth.session"] ?? null;
    await new Promise((resolve) => setTimeout(resolve, 20));
    messenger.push("connection_status", { connection_status: "connected" });
    await shows("Мои заявки");
  });

  it("follows a link that the messenger tells late", async () => {
    const late = { status: "success", initial_data: { initiator: "deeplink", meta: { to: "help" } } };
    messenger.answers.ready = () => new Promise((resolve) => setTimeout(() => resolve(late), 3_300));
    const started = await startInFakeTime();
    await vi.advanceTimersByTimeAsync(3_100);
    await started.done;
    await shows("Заявки на рейсы");
    await vi.advanceTimersByTimeAsync(300);
    await vi.waitFor(() => expect(location.hash).toBe("#/help"));
  });

  it("tells its host with every report", async () => {
    await start();
    await shows("Мои заявки");
    const { note } = await import("./telemetry");
    note({ kind: "interaction", name: "test" });
    dispatchEvent(new Event("pagehide"));
    await vi.waitFor(() => expect(messenger.calls("telemetry")).not.toEqual([]));
    const body = messenger.calls("telemetry")[0]?.payload.body as { events: { host: string }[] };
    expect(new Set(body.events.map(({ host }) => host))).toEqual(new Set(["express"]));
  });

  it("offers to try again when the adapter's file did not come", async () => {
    vi.doMock("../platform/express", () => {
      throw new TypeError("Failed to fetch dynamically imported module");
    });
    await start();
    expect(document.documentElement.dataset.boot).toBe("failed");
    // What the page of the test before still had to store may come by meanwhile.
    expect(messenger.calls("ready")).toEqual([]);
  });
});

describe("a messenger that is not there", () => {
  it("is named, with a way in for whoever has one", async () => {
    Object.defineProperty(window, "parent", { value: window, configurable: true });
    await start();
    await shows("Откройте приложение из eXpress");
    const link = root.querySelector("a.btn");
    expect([link?.textContent, link?.getAttribute("href")]).toEqual(["Войти в браузере", location.pathname]);
    expect(root.querySelector("input")).toBeNull();
  });

  it("is named when it does not answer", async () => {
    messenger.answers = { "auth.session": { status: "error", error_code: "no_connection" } };
    await start();
    await shows("Откройте приложение из eXpress");
    expect(root.textContent).toContain("Повторить");
  }, 20_000);
});
