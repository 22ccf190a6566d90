import { describe, expect, it } from "vitest";

import { api } from "./client";
import type { Call } from "./carrier";
import { files } from "./files";
import { replyOf, rpcOf, type Rpc } from "./rpc";
import { lendCarrier } from "./transport";

const asked: Rpc[] = [];
lendCarrier((call: Call) => {
  asked.push(rpcOf(call));
  return Promise.resolve({ status: 200, body: null });
});

/** Every operation of the client, with values as the screens give them. */
const operations: [keyof typeof api, unknown[], string, object][] = [
  ["signIn", [{ provider: "express" }], "auth.session", {}],
  ["signOut", [], "session.delete", {}],
  ["info", [], "info", {}],
  ["me", [], "me", {}],
  ["patchMe", [{ locale: "en" }], "me.patch", { body: { locale: "en" } }],
  ["form", ["flight"], "form", { form: "flight" }],
  ["periods", ["flight"], "periods", { form: "flight" }],
  ["submit", [{ form: "flight", answers: {} }, "key"], "submit", { client_key: "key", body: { form: "flight", answers: {} } }],
  ["applications", [{ limit: 10, status: "approved" }], "applications.list", { limit: 10, status: "approved" }],
  ["application", ["2027-0142"], "applications.read", { number: "2027-0142" }],
  ["edit", ["2027-0142", 3, { a: 1 }, "key"], "applications.edit", { number: "2027-0142", client_key: "key", body: { version: 3, answers: { a: 1 } } }],
  ["withdraw", ["2027-0142", { version: 3 }, "key"], "applications.withdraw", { number: "2027-0142", client_key: "key", body: { version: 3 } }],
  ["restore", ["2027-0142", "key"], "applications.restore", { number: "2027-0142", client_key: "key", body: {} }],
  ["seen", ["2027-0142"], "applications.seen", { number: "2027-0142", body: {} }],
  ["answer", ["2027-0142", { question: 17, answer: "yes" }, "key"], "applications.answer", { number: "2027-0142", client_key: "key", body: { question: 17, answer: "yes" } }],
  ["take", ["2027-0142", 5, "key"], "applications.take", { number: "2027-0142", client_key: "key", body: { offer: 5 } }],
  ["declineOffer", ["2027-0142", 5, "key"], "applications.decline_offer", { number: "2027-0142", client_key: "key", body: { offer: 5 } }],
  ["ask", ["2027-0142", "?", "key"], "applications.ask", { number: "2027-0142", client_key: "key", body: { text: "?" } }],
  ["draft", ["flight"], "draft.read", { form: "flight" }],
  ["saveDraft", [{ form: "flight" }], "draft.save", { body: { form: "flight" } }],
  ["deleteDraft", ["flight"], "draft.delete", { form: "flight" }],
  ["notifications", [], "me.notifications", {}],
  ["patchNotifications", [{ timezone: null }], "me.notifications.patch", { body: { timezone: null } }],
  ["reminder", [4], "reminder.read", { number: "4" }],
  ["setReminder", [4, "wanted"], "reminder.put", { number: "4", body: { choice: "wanted" } }],
  ["links", [], "links.list", {}],
  ["linkCode", ["key"], "links.code", { client_key: "key" }],
  ["redeemCode", ["482913", "key"], "links.redeem", { client_key: "key", body: { code: "482913" } }],
  ["unlink", ["telegram"], "links.remove", { provider: "telegram" }],
  ["statistics", ["flight"], "statistics", { form: "flight" }],
  ["telemetry", [[]], "telemetry", { body: { events: [] } }],
];

describe("an operation over the bridge", () => {
  it.each(operations)("%s", async (name, values, method, params) => {
    await (api[name] as (...given: unknown[]) => Promise<unknown>)(...values);
    expect(asked.at(-1)).toEqual({ method, params: { locale: "ru", ...params } });
  });

  it.each([
    ["info", ["f-1"], "files.info", { file_id: "f-1" }],
    ["link", ["f-1", "key"], "files.link", { file_id: "f-1", client_key: "key" }],
    ["remove", ["f-1"], "files.delete", { file_id: "f-1" }],
    ["take", [{ file_id: "x" }, "key"], "files.take", { client_key: "key" }],
  ] as const)("of files: %s", async (name, values, method, params) => {
    await (files[name] as (...given: unknown[]) => Promise<unknown>)(...values);
    expect(asked.at(-1)).toEqual({ method, params: { locale: "ru", ...params } });
  });

  it("is there for every one of them", () => {
    expect(operations.map(([name]) => name).sort()).toEqual(Object.keys(api).sort());
  });

  it.each([
    ["PATCH", "me/notifications", "me.notifications.patch", {}],
    ["PUT", "periods/7/reminder", "reminder.put", { number: "7" }],
  ] as const)("%s %s is a part of its subject, not a number", (method, path, name, params) => {
    const body = { quiet: null };
    expect(rpcOf({ method, path, body, language: "ru" })).toEqual({ method: name, params: { locale: "ru", body, ...params } });
  });

  it("takes a number as it is, not as an address writes it", () => {
    const call: Call = { method: "GET", path: "applications/%D0%90%2F1", language: "en" };
    expect(rpcOf(call).params).toEqual({ locale: "en", number: "А/1" });
  });
});

describe("an envelope", () => {
  it("holds the server's answer", () => {
    expect(replyOf({ status: "ok", result: { status: 201, body: { number: "1" } } })).toEqual({ status: 201, body: { number: "1" } });
    expect(replyOf({ status: "ok", result: { status: 204 } })).toEqual({ status: 204, body: null });
  });

  it("holds the whole problem document of a refusal", () => {
    const meta = { type: "urn:x", title: "t", status: 409, code: "period_closed", detail: "Приём закрылся.", closes_at: "2026" };
    expect(replyOf({ status: "error", errors: [{ reason: "r", id: "PERIOD_CLOSED", meta }] })).toEqual({ status: 409, body: meta });
  });

  it("of a broken call is an error of the server", () => {
    const meta = { incident: "7F3A" };
    expect(replyOf({ status: "error", errors: [{ reason: "Internal error", id: "INTERNAL_ERROR", meta }] })).toEqual({
      status: 500,
      body: { code: "internal_error", incident: "7F3A" },
    });
  });

  it("that could not take a number says that there is no such application", () => {
    const errors = [{ reason: "String should match pattern", id: "STRING_PATTERN_MISMATCH", meta: { location: ["number"] } }];
    expect(replyOf({ status: "error", errors })).toEqual({ status: 404, body: { code: "not_found" } });
  });

  it.each([
    undefined,
    {},
    { status: "success" },
    { status: "error", error_code: "no_connection" },
    { status: "error", errors: [] },
    { status: "ok", result: null },
    { status: "ok", result: { body: {} } },
  ])("that is not the bot's is no answer: %j", (payload) => {
    expect(replyOf(payload)).toBeNull();
  });
});
