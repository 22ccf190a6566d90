import { beforeEach, describe, expect, it, vi } from "vitest";

import { apply, businessTime, chats, commands, faults, load, loadAfresh, me, messages, openChat, persona, shown, takeBusinessTime, typing, unread } from "./store";
import type { ChatEvent, Faults, FeedEvent, MessageView, Snapshot } from "./types";

const FAULTS = { botx: "ok", network: "ok", stale_chat: false, callbacks: "ok", proof: "ok", clock_skew: 0 } as Faults;
const PEOPLE = ["employee", "newcomer"].map((name, index) => ({ persona: name, huid: `h${index}`, name, position: "", chat: `c${index}` }));
const message = (id: string, more: Partial<MessageView> = {}): MessageView => ({
  ...{ id, chat: "c0", author: "bot", body: id, bubble: [], keyboard: [], mentions: [], file: null, replyTo: null, recipients: null },
  ...{ at: "2026-11-25T10:00:00Z", edits: 0, deleted: false, state: "sent", refusal: null, delivered: [], read: [] },
  ...more,
});
const STATE: Snapshot = {
  seq: 7,
  bot: { id: "bot", names: { ru: "Бот", en: "Bot" } },
  host: "localhost",
  appUrl: "http://localhost:5006",
  botUrl: "http://localhost:5006",
  people: PEOPLE,
  chats: ["c0", "c1"].map((id) => ({ id, kind: "chat", name: "", members: [], opened: true, pinned: null, counter: 0, unread: {} })),
  messages: [message("m1"), message("other", { chat: "c1" }), message("secret", { recipients: ["h1"] })],
  faults: FAULTS,
  wire: [],
  trail: [],
};

let state: Snapshot;

beforeEach(async () => {
  state = structuredClone(STATE);
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(state))));
  persona.value = "employee";
  await loadAfresh();
});

const chatEvent = (more: Partial<ChatEvent>): FeedEvent => ({ seq: 8, at: "", topic: "chat", kind: "message", ...more });

describe("what the page knows", () => {
  it("is what this person may see in this chat", () => {
    expect(shown.value.map(({ id }) => id)).toEqual(["m1"]);
    expect(me.value?.huid).toBe("h0");
  });

  it("follows events: new words, edits in place, unread ones", () => {
    apply(chatEvent({ message: message("m2"), unread: { h0: 1 } }));
    apply(chatEvent({ kind: "edited", message: message("m1", { body: "иначе", edits: 1 }) }));
    expect(shown.value.map(({ id, body }) => [id, body])).toEqual([
      ["m1", "иначе"],
      ["m2", "m2"],
    ]);
    apply(chatEvent({ message: message("m3"), unread: { h0: 2 } }));
    expect(unread.value).toBe(2);
  });

  it("learns who has read what", () => {
    const group = STATE.chats[0];
    apply(chatEvent({ kind: "read", huid: "h1", ...(group ? { chat: group } : {}) }));
    expect([messages.value.get("m1")?.read, messages.value.get("other")?.read]).toEqual([["h1"], []]);
  });

  it("shows typing until the bot's word comes", () => {
    apply(chatEvent({ kind: "typing", chat: "c0", on: true }));
    expect(typing.value.has("c0")).toBe(true);
    apply(chatEvent({ message: message("m2") }));
    expect(typing.value.has("c0")).toBe(false);
  });

  it("is frozen without a network, and catches up when it is back", async () => {
    const house = (network: string): FeedEvent => ({ seq: 9, at: "", topic: "house", kind: "faults", faults: { ...FAULTS, network } as Faults });
    apply(house("none"));
    apply(chatEvent({ message: message("late") }));
    expect(messages.value.has("late")).toBe(false);
    state.messages = [...state.messages, message("late")];
    apply(house("ok"));
    await vi.waitFor(() => expect(messages.value.has("late")).toBe(true));
    expect(faults.value?.network).toBe("ok");
  });

  it("keeps what came while an older state was on its way, in either order of two states", async () => {
    const answers: ((state: Snapshot) => void)[] = [];
    const asked = () => new Promise<Response>((resolve) => answers.push((given) => resolve(Response.json(given))));
    vi.stubGlobal("fetch", vi.fn(asked));
    const loading = [load(), load()];
    apply(chatEvent({ seq: 9, message: message("m2") }));
    apply(chatEvent({ seq: 10, kind: "edited", message: message("m2", { body: "подано", edits: 1 }) }));
    answers[1]?.({ ...state, seq: 9, messages: [...state.messages, message("m2")] });
    await loading[1];
    expect(messages.value.get("m2")?.body).toBe("подано");
    answers[0]?.({ ...state, seq: 8 });
    await loading[0];
    expect(messages.value.get("m2")?.body).toBe("подано");
  });

  it("does not go back to an event that a state already has in it", () => {
    apply(chatEvent({ seq: 6, kind: "edited", message: message("m1", { body: "раньше" }) }));
    expect(messages.value.get("m1")?.body).toBe("m1");
  });

  it("meets another messenger, whose events begin anew", async () => {
    state = { ...state, seq: 1, messages: [message("new")] };
    await loadAfresh();
    apply(chatEvent({ seq: 2, message: message("newer") }));
    expect(shown.value.map(({ id }) => id)).toEqual(["new", "newer"]);
  });

  it("may lag behind while its network is whole", async () => {
    const house = (stale: boolean): FeedEvent => ({ seq: 9, at: "", topic: "house", kind: "faults", faults: { ...FAULTS, stale_chat: stale } });
    apply(house(true));
    apply(chatEvent({ kind: "edited", message: message("m1", { body: "иначе", edits: 1 }) }));
    expect(messages.value.get("m1")?.edits).toBe(0);
    state.messages = [message("m1", { body: "иначе", edits: 1 })];
    apply(house(false));
    await vi.waitFor(() => expect(messages.value.get("m1")?.edits).toBe(1));
  });

  it("knows a clock that was moved before the page was opened", () => {
    takeBusinessTime("2026-11-23T07:02:00Z");
    expect(businessTime.value).toBe("2026-11-23T07:02:00Z");
    takeBusinessTime(new Date().toISOString());
    expect(businessTime.value).toBeNull();
  });

  it("keeps the commands of the chat that is open now", async () => {
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json({ chat: chats.value.get("c0"), commands: [{ body: "/start", name: "/start", description: "" }] }))));
    const opening = openChat();
    persona.value = "newcomer";
    await opening;
    expect(commands.value).toEqual([]);
    await openChat();
    expect(commands.value.map(({ body }) => body)).toEqual(["/start"]);
  });
});
