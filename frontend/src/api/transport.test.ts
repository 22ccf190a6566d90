import { beforeEach, describe, expect, it } from "vitest";

import { calls, mockApi, NO_NETWORK, problem } from "../testing/mock";
import { addressOf, lendCarrier, overHttp, request } from "./transport";

beforeEach(() => {
  calls.length = 0;
});

describe("the address of the API", () => {
  it.each([
    ["https://bot.example/", "https://bot.example/api/smartapp/info"],
    ["https://bot.example/?platform=web#/r/1", "https://bot.example/api/smartapp/info"],
    ["https://bot.example/index.html", "https://bot.example/api/smartapp/info"],
    ["https://bot.example/prefix/", "https://bot.example/prefix/api/smartapp/info"],
    ["https://bot.example/smartapp_files/static/index.html?platform=web", "https://bot.example/api/smartapp/info"],
    ["https://bot.example/smartapp_files/static/", "https://bot.example/api/smartapp/info"],
    ["https://bot.example/webhook/smartapp_files/static/index.html", "https://bot.example/api/smartapp/info"],
    ["https://bot.example/prefix/smartapp_files/static/index.html", "https://bot.example/prefix/api/smartapp/info"],
  ])("from %s", (page, expected) => {
    expect(addressOf({ path: "info" }, page)).toBe(expected);
  });

  it("takes what is asked for, and nothing that is not", () => {
    const query = { limit: 10, status: undefined, form: "a&b" };
    expect(addressOf({ path: "applications", query }, "https://bot.example/?theme=dark")).toBe(
      "https://bot.example/api/smartapp/applications?limit=10&form=a%26b",
    );
  });
});

describe("a refusal", () => {
  const facts = { detail: "Приём закрылся.", closes_at: "2026-12-05T15:00:00Z" };
  const expected = { status: 409, code: "period_closed", detail: facts.detail, extensions: { closes_at: facts.closes_at }, network: false };

  it("is the same error over HTTP", async () => {
    mockApi({ "POST submit": problem(409, "period_closed", facts) });
    lendCarrier(overHttp);
    await expect(request("POST", "submit")).rejects.toMatchObject(expected);
  });

  it("and over any other way", async () => {
    const body = { type: "x", title: "x", status: 409, code: "period_closed", ...facts };
    lendCarrier(() => Promise.resolve({ status: 409, body }));
    await expect(request("POST", "submit")).rejects.toMatchObject(expected);
  });

  it("without a document has a code all the same", async () => {
    mockApi({ "GET info": new Response("<html>", { status: 502 }) });
    await expect(overHttp({ method: "GET", path: "info", language: "ru" })).resolves.toEqual({ status: 502, body: null });
    lendCarrier(overHttp);
    await expect(request("GET", "info")).rejects.toMatchObject({ status: 502, code: "core_unavailable" });
  });
});

describe("an answer that the browser has kept", () => {
  it("tells the time of now, not of when it was kept", async () => {
    const headers = { "X-Present": '{"server_time":"2026-11-24T10:00:00Z"}' };
    mockApi({ "GET info": new Response('{"server_time":"2026-11-24T09:00:00Z","unseen":2}', { headers }) });
    lendCarrier(overHttp);
    await expect(request("GET", "info")).resolves.toEqual({ server_time: "2026-11-24T10:00:00Z", unseen: 2 });
  });
});

describe("no answer", () => {
  it("is told apart from a refusal", async () => {
    mockApi({ "GET info": NO_NETWORK });
    lendCarrier(overHttp);
    await expect(request("GET", "info")).rejects.toMatchObject({ network: true, code: "network_offline" });
  });

  it("is also an answer that broke off", async () => {
    const broken = new ReadableStream({ start: (stream) => stream.error(new TypeError("cut")) });
    globalThis.fetch = () => Promise.resolve(new Response(broken, { status: 201 }));
    lendCarrier(overHttp);
    await expect(request("POST", "submit")).rejects.toMatchObject({ network: true });
  });
});
