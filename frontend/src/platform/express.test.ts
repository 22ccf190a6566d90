import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeMessenger, leaveMessenger, openedHost, ORIGIN } from "../testing/messenger";

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
let messenger: FakeMessenger;

beforeEach(() => {
  messenger = new FakeMessenger();
});
afterEach(() => {
  vi.useRealTimers();
  leaveMessenger();
});

async function ready() {
  const host = await openedHost();
  await host.ready();
  await settled();
  return host;
}

describe("at launch", () => {
  it("says ready first, and takes theme and language from the address", async () => {
    const host = await ready();
    expect(messenger.posted[0]?.method).toBe("ready");
    expect([host.kind, host.platform, host.theme.value]).toEqual(["express", "web", "dark"]);
    expect([host.locale, host.askedLocale]).toEqual(["en", null]);
    expect(host.lost.value).toBe(false);
  });

  it("takes any theme but dark for light", async () => {
    messenger = new FakeMessenger("?platform=web&theme=sepia");
    expect((await ready()).theme.value).toBe("light");
  });

  it("waits three seconds for a client that does not answer, and says that it is lost", async () => {
    vi.useFakeTimers();
    messenger.answers = {};
    const host = await openedHost();
    const opened = vi.fn();
    void host.ready().then(opened);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(opened).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(opened).toHaveBeenCalledOnce();
    expect(host.lost.value).toBe(true);
  });

  it("takes a late answer all the same", async () => {
    vi.useFakeTimers();
    const meta = { to: "r", id: "2027-0142" };
    const later = () => new Promise<object>((resolve) => setTimeout(() => resolve({ status: "success", initial_data: { initiator: "deeplink", meta } }), 5_000));
    messenger.answers.ready = later as never;
    const host = await openedHost();
    await vi.advanceTimersByTimeAsync(3_000);
    expect([host.lost.value, host.launch.value]).toEqual([true, null]);
    await vi.advanceTimersByTimeAsync(2_100);
    expect([host.lost.value, host.launch.value]).toEqual([false, meta]);
  });

  it("leaves names as they are once it is open", async () => {
    const { Bridge } = await import("@expressms/smartapp-sdk");
    await ready();
    messenger.answers.echo = ({ some_key }) => ({ status: "ok", result: { given: some_key, "2027-01-15": 1, tab_1: 2 } });
    const answer = await Bridge?.sendBotEvent({ method: "echo", params: { some_key: "x", camelKey: 1 } });
    expect(messenger.calls("echo")[0]?.payload).toEqual({ some_key: "x", camelKey: 1 });
    expect(answer?.payload).toMatchObject({ result: { given: "x", "2027-01-15": 1, tab_1: 2 } });
  });
});

describe("while it runs", () => {
  it("knows how much room there is, and follows", async () => {
    const host = await ready();
    expect(host.layout.value).toBe("half");
    expect(messenger.calls("subscribe_client_events").map(({ payload }) => payload.event)).toContain("layout_type");
    messenger.push("layout_type", { layout_type: "minimal" });
    expect(host.layout.value).toBe("minimal");
    messenger.push("layout_type", { layout_type: "gigantic" });
    expect(host.layout.value).toBe("minimal");
  });

  it("believes the messenger about the network, whatever the browser thinks", async () => {
    const host = await ready();
    messenger.push("connection_status", { connection_status: "disconnected" });
    expect([navigator.onLine, host.online.value]).toEqual([true, false]);
    messenger.push("connection_status", { connection_status: "connected" });
    expect(host.online.value).toBe(true);
  });

  it("believes the browser as long as the messenger says nothing", async () => {
    messenger.answers.get_connection_status = null;
    expect((await ready()).online.value).toBe(true);
  });

  it("is looked at only while the messenger shows it", async () => {
    const host = await ready();
    messenger.push("app_visibility", { visible: false });
    expect(host.visible.value).toBe(false);
  });

  it("reads both spellings", async () => {
    messenger.answers.get_layout_type = { status: "success", layoutType: "full" };
    const host = await ready();
    expect(host.layout.value).toBe("full");
    messenger.push("connection_status", { connectionStatus: "disconnected" });
    expect(host.online.value).toBe(false);
  });

  it("tells the client where Back leads, and hears Back", async () => {
    const host = await ready();
    host.routeChanged(true);
    host.routeChanged(false);
    expect(messenger.calls("routing_changes").map(({ payload }) => payload.location)).toEqual(["root", "nested"]);
    const heard: string[] = [];
    const stop = host.onBack((to) => heard.push(to));
    messenger.push("back_pressed");
    messenger.push("move_to_root");
    stop();
    messenger.push("back_pressed");
    expect(heard).toEqual(["back", "root"]);
  });

  it("ignores answers that are none and calls that fail", async () => {
    const host = await ready();
    messenger.answers.routing_changes = null;
    messenger.answers.close_smart_app = { status: "error", error_code: "unknown" };
    expect(() => {
      host.routeChanged(true);
      host.close();
      host.badge(3);
    }).not.toThrow();
    expect(messenger.calls("close_smart_app")).toHaveLength(1);
  });

  it("opens the chat with the bot, and says when that failed", async () => {
    const host = await ready();
    messenger.answers.create_personal_chat = { status: "success" };
    expect(await host.openChat?.()).toBe(true);
    expect(messenger.calls("create_personal_chat")[0]?.payload).toEqual({ huid: "bot-id" });
    messenger.answers.create_personal_chat = { status: "error" };
    expect(await host.openChat?.()).toBe(false);
  });

  it("has no chat and no links where no bot is configured", async () => {
    const host = await openedHost({ express_bot_id: null });
    expect(host.openChat).toBeNull();
    expect(host.linkTo).toBeNull();
  });

  it.each([{ data: { user_huid: "a" } }, { user_huid: "a" }, { data: { userHuid: "a" } }])("finds whose messenger it is in %j", async (profile) => {
    messenger.answers.request_self_profile = { status: "success", ...profile };
    expect(await (await ready()).account()).toBe("a");
  });

  it("keeps the token in memory alone", async () => {
    const host = await ready();
    host.tab.set("token", "secret");
    expect([host.tab.get("token"), sessionStorage.length, localStorage.length]).toEqual(["secret", 0, 0]);
    host.tab.set("token", null);
    expect(host.tab.get("token")).toBeNull();
  });
});

describe("on an iPhone", () => {
  it("lets people zoom, over the native object", async () => {
    const sent: { method: string; ref: string; payload: object }[] = [];
    const native = window as unknown as { webkit?: unknown; handleIosEvent?: (event: object) => void };
    native.webkit = {
      messageHandlers: {
        express: {
          postMessage: (event: (typeof sent)[number]) => {
            sent.push(event);
            if (event.method === "ready") queueMicrotask(() => native.handleIosEvent?.({ ref: event.ref, data: { type: "smartapp_rpc", status: "success" } }));
          },
        },
      },
    };
    messenger = new FakeMessenger("?platform=ios");
    leaveMessengerFrame();
    const host = await openedHost();
    await host.ready();
    delete native.webkit;
    expect([host.kind, host.platform]).toEqual(["express", "ios"]);
    const zoom = sent.find(({ method }) => method === "allow_ios_pinch_to_zoom");
    expect(zoom?.payload).toEqual({ allowed: true });
    expect(messenger.posted).toEqual([]);
  });
});

/** Native clients show the page as the top one. */
function leaveMessengerFrame(): void {
  Object.defineProperty(window, "parent", { value: window, configurable: true });
}

describe("strangers", () => {
  it("are not heard: another origin, another sender, our own page", async () => {
    const host = await ready();
    messenger.post({ data: { type: "layout_type", layout_type: "full" } }, "https://evil.example");
    messenger.post({ data: { type: "layout_type", layout_type: "full" } }, ORIGIN, {});
    messenger.post({ data: { type: "layout_type", layout_type: "full" } }, location.origin, window);
    expect(host.layout.value).toBe("half");
    messenger.push("layout_type", { layout_type: "full" });
    expect(host.layout.value).toBe("full");
  });

  it("cannot answer for the messenger", async () => {
    messenger.answers.create_deeplink = null;
    const host = await ready();
    const link = host.linkTo?.({ to: "me" });
    await settled();
    const ref = messenger.calls("create_deeplink")[0]?.ref;
    messenger.post({ ref, data: { type: "smartapp_rpc", status: "success", data: { deeplink: "https://evil.example" } } }, "https://evil.example");
    await settled();
    messenger.post({ ref, data: { type: "smartapp_rpc", status: "success", data: { deeplink: "https://good.example" } } });
    expect(await link).toBe("https://good.example");
  });
});
