import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { DAY, FakeTelegram, launchHash, leaveTelegram, NIGHT, openedInTelegram, TELEGRAM, type Opened } from "../testing/telegram";

let telegram: FakeTelegram;
const token = (name: string) => document.documentElement.style.getPropertyValue(name);

beforeEach(() => {
  telegram = new FakeTelegram();
});
afterEach(leaveTelegram);

/** The page in another opening than the usual one. */
function opened(opening: Opened, framed = false) {
  leaveTelegram();
  telegram = new FakeTelegram(opening, framed);
  return openedInTelegram();
}

describe("at launch", () => {
  it("says that it is ready, takes all the room and keeps its own swipes", async () => {
    const host = await openedInTelegram();
    await host.ready();
    expect([host.kind, host.platform, host.lost.value, host.carrier]).toEqual(["telegram", "ios", false, null]);
    expect(telegram.told.slice(0, 2).map(({ method }) => method)).toEqual(["web_app_ready", "web_app_expand"]);
    expect(telegram.calls("web_app_setup_swipe_behavior")).toEqual([{ allow_vertical_swipe: false }]);
  });

  it("speaks the language of the client, as a guess", async () => {
    const host = await opened({ user: { id: 5, language_code: "en-US" } });
    expect([host.locale, host.askedLocale]).toEqual(["en", null]);
  });

  it.each([
    ["android", "android"],
    ["android_x", "android"],
    ["ios", "ios"],
    ["tdesktop", "web"],
    ["macos", "web"],
    ["weba", "web"],
  ])("%s is %s to the screens", async (platform, expected) => {
    expect((await opened({ platform })).platform).toBe(expected);
  });

  it("leaves an old client alone with what it does not know", async () => {
    await opened({ version: "6.0" });
    const known = new Set(telegram.told.map(({ method }) => method));
    expect([...known].sort()).toEqual(["web_app_expand", "web_app_ready", "web_app_request_viewport"]);
  });

  it("takes what was signed out of the address", async () => {
    await openedInTelegram();
    expect(location.href).not.toContain("tgWebApp");
    expect(location.hash).toBe("#/");
  });

  it("keeps a route that stands before the parameters", async () => {
    await opened({ route: "/me" });
    expect(location.hash).toBe("#/me");
  });

  it.each([
    ["r_2027-0142", { to: "r", id: "2027-0142" }],
    ["new_aer", { to: "new", id: "aer" }],
    ["me", { to: "me", id: undefined }],
    ["desk", { to: "desk", id: undefined }],
  ])("startapp=%s names a place", async (start, place) => {
    expect((await opened({ start })).launch.value).toEqual(place);
  });

  it("takes the place out of the address of a button, too", async () => {
    telegram.load(`/?to=r&id=2027-0142${launchHash()}`);
    expect((await openedInTelegram()).launch.value).toEqual({ to: "r", id: "2027-0142" });
  });

  it("is nowhere when the address speaks of Telegram and none is around", async () => {
    Reflect.deleteProperty(window, "TelegramWebviewProxy");
    vi.resetModules();
    const host = await openedInTelegram();
    expect([host.kind, host.lost.value]).toEqual(["browser", true]);
  });

  it("is a browser when the proxy is there without a launch: a link that was opened inside Telegram", async () => {
    telegram.load("/");
    expect((await openedInTelegram()).kind).toBe("browser");
  });
});

describe("looks", () => {
  it("are the client's, on the page and back on the client's own bars", async () => {
    const host = await opened({ theme: NIGHT });
    expect(host.theme.value).toBe("dark");
    expect([token("--bg"), token("--surface"), token("--text")]).toEqual(["#232e3c", "#17212b", "#f5f5f5"]);
    expect(telegram.calls("web_app_set_header_color")).toEqual([{ color: "#232e3c" }]);
    expect(telegram.calls("web_app_set_background_color")).toEqual([{ color: "#232e3c" }]);
    expect(telegram.calls("web_app_set_bottom_bar_color")).toEqual([{ color: "#17212b" }]);
  });

  it("change with the client's", async () => {
    const host = await opened({ theme: NIGHT });
    telegram.push("theme_changed", { theme_params: DAY });
    expect(host.theme.value).toBe("light");
    expect([token("--bg"), token("--surface")]).toEqual(["#efeff4", "#ffffff"]);
    expect(telegram.calls("web_app_set_header_color").at(-1)).toEqual({ color: "#efeff4" });
  });

  it("are ours where the client names none", async () => {
    const host = await opened({ theme: {} });
    expect([host.theme.value, token("--bg")]).toEqual(["light", ""]);
  });

  it("leave a colour of its own for the header to clients that take one", async () => {
    await opened({ version: "6.2" });
    expect(telegram.calls("web_app_set_header_color")).toEqual([]);
    expect(telegram.calls("web_app_set_background_color")).toHaveLength(1);
  });
});

describe("room", () => {
  it("keeps clear of the device's edges and of the client's own buttons", async () => {
    await openedInTelegram();
    telegram.push("safe_area_changed", { top: 47, bottom: 34, left: 0, right: 0 });
    telegram.push("content_safe_area_changed", { top: 46, bottom: 0, left: 0, right: 0 });
    expect([token("--tg-safe-area-inset-top"), token("--tg-content-safe-area-inset-top")]).toEqual(["47px", "46px"]);
    expect(token("--tg-safe-area-inset-bottom")).toBe("34px");
  });

  it("moves what stands at the foot over the part of the page that a low sheet hides", async () => {
    await openedInTelegram();
    telegram.push("viewport_changed", { height: innerHeight - 200, width: 390, is_expanded: false, is_state_stable: true });
    expect(token("--tg-hidden")).toBe("200px");
    telegram.push("viewport_changed", { height: 10, width: 390, is_expanded: false, is_state_stable: false });
    expect(token("--tg-hidden")).toBe("200px");
    telegram.push("viewport_changed", { height: innerHeight + 20, width: 390, is_expanded: true, is_state_stable: true });
    expect(token("--tg-hidden")).toBe("0px");
  });
});

describe("while it runs", () => {
  it("shows Telegram's Back wherever there is a way back, and hears it", async () => {
    const host = await openedInTelegram();
    host.routeChanged(false);
    host.routeChanged(true);
    expect(telegram.calls("web_app_setup_back_button")).toEqual([{ is_visible: true }, { is_visible: false }]);
    const heard: string[] = [];
    const stop = host.onBack((to) => heard.push(to));
    telegram.push("back_button_pressed");
    stop();
    telegram.push("back_button_pressed");
    expect(heard).toEqual(["back"]);
  });

  it("is looked at only while Telegram shows it", async () => {
    const host = await openedInTelegram();
    telegram.push("visibility_changed", { is_visible: false });
    expect(host.visible.value).toBe(false);
    telegram.push("visibility_changed", { is_visible: true });
    expect(host.visible.value).toBe(true);
  });

  it("lets the person feel a choice, a success and a mistake", async () => {
    const host = await openedInTelegram();
    (["selection", "success", "error"] as const).forEach((kind) => host.haptic(kind));
    expect(telegram.calls("web_app_trigger_haptic_feedback")).toEqual([
      { type: "selection_change" },
      { type: "notification", notification_type: "success" },
      { type: "notification", notification_type: "error" },
    ]);
  });

  it("closes, and opens the chat with the bot", async () => {
    const host = await openedInTelegram();
    host.close();
    expect(telegram.calls("web_app_close")).toHaveLength(1);
    expect(await host.openChat?.()).toBe(true);
    expect(telegram.calls("web_app_open_tg_link")).toEqual([{ path_full: "/requests_bot" }]);
  });

  it("closes to show the chat behind it when nobody has told the bot's name", async () => {
    const host = await openedInTelegram({ chat: null, app: null });
    expect(await host.openChat?.()).toBe(true);
    expect([telegram.calls("web_app_close").length, host.linkTo]).toEqual([1, null]);
  });

  it("makes links that open it at a place", async () => {
    const { linkTo } = await openedInTelegram();
    expect(await linkTo?.({ to: "r", id: "2027-0142" })).toBe("https://t.me/requests_bot/app?startapp=r_2027-0142");
    expect(await linkTo?.({ to: "me" })).toBe("https://t.me/requests_bot/app?startapp=me");
    expect(await linkTo?.({ to: "r", id: "2027/0142" })).toBeNull();
  });
});

describe("in the web client", () => {
  const inFrame = (opening: Opened = {}) => opened(opening, true);

  it("speaks to the page around, and to that origin alone", async () => {
    const host = await inFrame({ platform: "weba" });
    expect(host.kind).toBe("telegram");
    expect([...telegram.origins]).toEqual([TELEGRAM]);
    expect(telegram.told[0]).toEqual({ method: "iframe_ready", params: { reload_supported: true } });
  });

  it("hears that page, and no other", async () => {
    const host = await inFrame();
    const heard: string[] = [];
    host.onBack((to) => heard.push(to));
    const back = JSON.stringify({ eventType: "back_button_pressed" });
    telegram.post(back, "https://evil.example");
    telegram.post(back, TELEGRAM, window);
    expect(heard).toEqual([]);
    telegram.push("back_button_pressed");
    expect(heard).toEqual(["back"]);
  });
});
