import { beforeEach, describe, expect, it } from "vitest";

import { messages, people, persona, chats, server } from "../data/store";
import type { ButtonView, MessageView } from "../data/types";
import { choiceOf, fromBot, offers } from "./walk";

const button = (choice: string, alert?: string): ButtonView => ({
  label: choice,
  command: choice,
  data: { token: `v1.00000000.1.${choice}` },
  ...(alert ? { opts: { show_alert: true, alert_text: alert } } : {}),
});

function said(id: string, author: string, ...buttons: ButtonView[]): [string, MessageView] {
  return [id, { id, chat: "c", author, body: "", bubble: [buttons], keyboard: [], mentions: [], file: null, replyTo: null, recipients: null, at: "", edits: 0, deleted: false, state: "sent", refusal: null, delivered: [], read: [] }];
}

beforeEach(() => {
  persona.value = "employee";
  people.value = [{ persona: "employee", huid: "h", name: "", position: "", chat: "c" }];
  chats.value = new Map([["c", { id: "c", kind: "chat", name: "", members: [], opened: true, pinned: null, counter: 0, unread: {} }]]);
  server.value = { bot: { id: "bot", names: { ru: "", en: "" } }, host: "", appUrl: "", botUrl: "" };
});

describe("the tour's walk", () => {
  it("reads choices, whatever the language", () => {
    expect([button("go:2027-01-15"), button("new:flight/a.b"), { label: "x" }].map(choiceOf)).toEqual(["go:2027-01-15", "new:flight/a.b", ""]);
  });

  it("looks at the bot's last word, and passes by buttons that only explain", () => {
    messages.value = new Map([said("1", "bot", button("send")), said("2", "bot", button("go:2027-01-01", "занято"), button("go:2027-01-15")), said("3", "h")]);
    expect(fromBot()?.id).toBe("2");
    expect([offers(/^send$/), offers(/^go:2027-01-01/), offers(/-15$/)]).toEqual([false, false, true]);
  });
});
