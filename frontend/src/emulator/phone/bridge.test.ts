import { beforeEach, describe, expect, it, vi, type Mock } from "vitest";

import { Refused } from "../data/api";
import { Bridge, type Crossing } from "./bridge";
import { Client, type Surroundings } from "./client";
import { ClientStore } from "./client-store";
import type { BridgeEvent } from "./wire";

const ORIGIN = "http://localhost:5006";
const ME = { persona: "employee", huid: "h1", name: "Анна", position: "БП", chat: "c1" };

let frame: { postMessage: ReturnType<typeof vi.fn> };
let crossings: Crossing[];
let toBot: Mock<(event: BridgeEvent) => Promise<unknown>>;
let offline: boolean;
type Watched = "moved" | "close" | "openChat" | "say" | "pickFiles";
let acts: { [Act in Watched]: Mock<Surroundings[Act]> };
let bridge: Bridge;

beforeEach(() => {
  frame = { postMessage: vi.fn() };
  crossings = [];
  toBot = vi.fn(() => Promise.resolve());
  offline = false;
  localStorage.clear();
  acts = { moved: vi.fn(), close: vi.fn(), openChat: vi.fn(), say: vi.fn(() => Promise.resolve()), pickFiles: vi.fn(() => Promise.resolve(null)) };
  const around: Surroundings = {
    ...acts,
    me: () => ME,
    people: () => [ME],
    botId: () => "bot",
    layout: () => "half",
    isConnected: () => !offline,
    isVisible: () => true,
    counter: () => 2,
    opening: () => ({ initiator: "deeplink", meta: { to: "new" } }),
    open: vi.fn(),
    openLink: vi.fn(),
    openFile: vi.fn(),
    link: () => "http://localhost:8080/open/smartapp/bot?to=new",
  };
  bridge = new Bridge({
    frame: () => frame as unknown as Window,
    origin: () => ORIGIN,
    client: new Client(around, new ClientStore(() => "h1", localStorage)),
    isOffline: () => offline,
    toBot,
    watch: (crossing) => crossings.push(crossing),
  });
});

async function post(payload: object, from: { origin?: string; source?: unknown; type?: string } = {}): Promise<void> {
  const { origin = ORIGIN, source = frame, type = "smartapp" } = from;
  const data = { type, payload: { ref: "r1", type: "smartapp_rpc", handler: "express", payload: {}, ...payload } };
  bridge.listen({ data, origin, source } as unknown as MessageEvent);
  await new Promise((resolve) => setTimeout(resolve));
}

const answer = () => frame.postMessage.mock.calls.at(-1)?.[0] as { ref?: string; data: Record<string, unknown> } | undefined;

describe("the client behind the bridge", () => {
  it("answers its own frame alone, and only its origin", async () => {
    await post({ method: "ready" }, { origin: "https://evil.example" });
    await post({ method: "ready" }, { source: {} });
    await post({ method: "ready" }, { type: "smartAppLogs" });
    expect(frame.postMessage).not.toHaveBeenCalled();
    await post({ method: "ready" });
    expect(frame.postMessage.mock.calls[0]?.[1]).toBe(ORIGIN);
    expect(answer()).toMatchObject({ ref: "r1", data: { type: "smartapp_rpc", status: "success", initial_data: { initiator: "deeplink", meta: { to: "new" } } } });
  });

  it.each([
    ["get_layout_type", { layout_type: "half" }],
    ["get_connection_status", { connection_status: "connected" }],
    ["get_app_visibility", { visible: true }],
    ["get_unread_counter", { unread_counter: 2 }],
    ["request_self_profile", { data: { user_huid: "h1", name: "Анна", company_position: "БП" } }],
    ["create_deeplink", { data: { deeplink: "http://localhost:8080/open/smartapp/bot?to=new" } }],
    ["subscribe_client_events", { status: "success" }],
  ])("%s", async (method, facts) => {
    await post({ method });
    expect(answer()?.data).toMatchObject({ status: "success", ...facts });
  });

  it("stays silent about what it does not know, so that timeouts are exercised", async () => {
    await post({ method: "dance" });
    expect(frame.postMessage).not.toHaveBeenCalled();
    expect(crossings[0]).toMatchObject({ method: "dance", lost: "unknown" });
  });

  it("does what the app asks of its host", async () => {
    await post({ method: "routing_changes", payload: { location: "nested" } });
    await post({ method: "open_personal_chat" });
    await post({ method: "close_smart_app" });
    await post({ method: "send_message", payload: { message: { body: "привет" } } });
    expect(acts.moved).toHaveBeenCalledWith(false);
    expect([acts.openChat.mock.calls.length, acts.close.mock.calls.length]).toEqual([1, 1]);
    expect(acts.say).toHaveBeenCalledWith("привет", undefined);
  });

  it("tells a cancelled picker from a file", async () => {
    await post({ method: "upload_file" });
    expect(answer()?.data).toMatchObject({ status: "error", error_code: "cancelled" });
    acts.pickFiles.mockResolvedValueOnce([{ file_id: "f1" } as never]);
    await post({ method: "upload_file" });
    expect(answer()?.data).toMatchObject({ status: "success", record: { file_id: "f1" } });
  });
});

describe("the client's store", () => {
  const set = (key: string, value: string) => post({ method: "client_storage_set", payload: { key, value } });

  it("keeps, gives, forgets", async () => {
    await set("a", "1");
    await post({ method: "client_storage_get", payload: { key: "a" } });
    expect(answer()?.data).toMatchObject({ status: "success", value: "1" });
    await post({ method: "client_storage_remove", payload: { key: "a" } });
    await post({ method: "client_storage_get", payload: { key: "a" } });
    expect(answer()?.data).toMatchObject({ status: "error", error_code: "key_not_found" });
  });

  it("has the client's limits", async () => {
    await set("big", "x".repeat((1 << 20) + 1));
    expect(answer()?.data).toMatchObject({ error_code: "value_size_exceeded" });
    const full = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, "1"]));
    localStorage.setItem("messenger-store:h1", JSON.stringify(full));
    await set("one-more", "1");
    expect(answer()?.data).toMatchObject({ error_code: "storage_limit_reached" });
    await set("k1", "2");
    expect(answer()?.data).toMatchObject({ status: "success" });
  });
});

describe("calls for the bot", () => {
  const call = (more: object = {}) => post({ handler: "botx", method: "info", ...more });

  it("go to the bot and come back with their ref", async () => {
    await call();
    bridge.deliver({ seq: 1, at: "", topic: "app", kind: "answer", ref: "r1", data: { status: "ok", result: 1 } });
    expect(toBot.mock.calls[0]?.[0]).toMatchObject({ ref: "r1", method: "info" });
    expect(answer()).toEqual({ ref: "r1", data: { type: "smartapp_rpc", status: "ok", result: 1 }, files: [] });
    expect(crossings.map(({ way, method }) => [way, method])).toEqual([
      ["out", "info"],
      ["in", "info"],
    ]);
  });

  it("do not leave a phone without a network, unless their delivery was promised", async () => {
    offline = true;
    await call({ ref: "lost" });
    await call({ ref: "kept", guaranteed_delivery_required: true });
    bridge.deliver({ seq: 1, at: "", topic: "app", kind: "news", data: { type: "x" } });
    expect([toBot.mock.calls.length, frame.postMessage.mock.calls.length]).toEqual([0, 0]);
    offline = false;
    bridge.resume();
    await new Promise((resolve) => setTimeout(resolve));
    expect(toBot.mock.calls.map(([event]) => event.ref)).toEqual(["kept"]);
  });

  it("that the messenger does not take are seen in the inspector", async () => {
    toBot.mockRejectedValueOnce(new Refused("phone_offline", 503));
    await call();
    expect(crossings.at(-1)).toMatchObject({ lost: "offline" });
  });

  it("have news without a ref as events, for an app that is there to hear them", async () => {
    bridge.tell("layout_type");
    expect(frame.postMessage).not.toHaveBeenCalled();
    await call();
    bridge.tell("back_pressed");
    bridge.deliver({ seq: 1, at: "", topic: "app", kind: "news", data: { type: "changed", count: 1 } });
    expect(frame.postMessage.mock.calls.map(([message]) => message as unknown)).toEqual([
      { data: { type: "back_pressed" } },
      { data: { type: "changed", count: 1 }, files: [] },
    ]);
  });
});
