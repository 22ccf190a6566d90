import { beforeEach, describe, expect, it } from "vitest";

import { hear } from "../data/stream";
import type { TrailLine, WireEvent } from "../data/types";
import { speak } from "../i18n";
import { curl } from "./curl";
import { lines, shownKinds, startInspector } from "./lines";

const wire = (more: Partial<WireEvent>): WireEvent => ({ seq: 1, at: "2026-11-25T10:00:00Z", topic: "wire", kind: "botx", method: "POST", path: "", status: 202, ms: 3, ...more });
const titled = (event: WireEvent) => {
  startInspector([event]);
  return lines.value[0];
};

beforeEach(() => {
  speak("ru");
  shownKinds.value = new Set(["chat", "bot", "app", "core", "queue", "house"]);
  startInspector([]);
});

describe("the inspector", () => {
  it.each<[Partial<WireEvent>, string]>([
    [{ path: "/api/v4/botx/notifications/direct" }, "бот → чат: сообщение"],
    [{ path: "/api/v3/botx/events/edit_event" }, "бот → чат: сообщение изменено"],
    [{ path: "/api/v2/botx/bots/x/token" }, "бот → BotX: токен"],
    [{ path: "/api/v3/botx/chats/list" }, "бот → BotX"],
    [{ kind: "bot", path: "/command", request: { command: { body: "привет" } } }, "человек → бот: привет"],
    [{ kind: "bot", path: "/command", request: { source_sync_id: "m", command: { body: "Сочи" } } }, "человек → бот: нажатие"],
    [{ kind: "bot", path: "/command", request: { command: { body: "system:chat_created" } } }, "мессенджер → бот: открыт чат"],
    [{ kind: "bot", path: "/command", request: { command: { body: "system:left_from_chat" } } }, "мессенджер → бот: left_from_chat"],
    [{ kind: "bot", path: "/notification/callback" }, "мессенджер → бот: callback"],
    [{ kind: "app_lost" }, "ответ приложению не дошёл"],
  ])("%j is told as «%s»", (event, title) => {
    expect(titled(wire(event))?.title).toBe(title);
  });

  it("marks what went wrong, and which switch did it", () => {
    const line = titled(wire({ path: "/api/v4/botx/notifications/direct", status: 503, fault: "503" }));
    expect([line?.bad, line?.detail]).toEqual([true, "POST /api/v4/botx/notifications/direct · 503, 3\u00a0мс · сломано: 503"]);
    expect(titled(wire({ kind: "bot", path: "/command", status: null }))?.bad).toBe(true);
    expect(titled(wire({ kind: "bot", path: "/command" }))?.bad).toBe(false);
  });

  it("puts the newest first, and hides kinds that nobody wants", () => {
    startInspector([wire({ seq: 1, path: "/api/x" })]);
    hear(wire({ seq: 2, at: "2026-11-25T10:00:01Z", kind: "bot", path: "/command" }));
    expect(lines.value.map(({ kind }) => kind)).toEqual(["chat", "bot"]);
    shownKinds.value = new Set(["bot"]);
    expect(lines.value.map(({ kind }) => kind)).toEqual(["bot"]);
  });

  it.each<[Partial<TrailLine>, string, string]>([
    [{ name: "save_draft", method: "PUT", rule: "/api/smartapp/draft", status: 200 }, "ядро: черновик сохранён", "PUT /api/smartapp/draft · 200, 6,2\u00a0мс"],
    [{ name: "of_tomorrow", method: "POST", rule: "/x", status: 201 }, "ядро: of_tomorrow", "POST /x · 201, 6,2\u00a0мс"],
    [{ kind: "queue", name: "shown", event: "application_submitted", number: "2027-0001", channel: "express" }, "очередь: доставлено", "заявка принята, 2027-0001, express · через 6,2\u00a0мс"],
  ])("what core and queue have done is told with its time: %j", (line, title, detail) => {
    hear({ seq: 3, at: "2026-11-25T10:00:09Z", topic: "trail", kind: "core", line: { id: "c1", at: "2026-11-25T10:00:00Z", kind: "core", name: "", ms: 6.2, ...line } });
    expect(lines.value[0]).toMatchObject({ title, detail, at: "2026-11-25T10:00:00Z", bad: false, curl: null });
    shownKinds.value = new Set(["chat"]);
    expect(lines.value).toEqual([]);
  });

  it("tells the same call for a terminal, without any secret", () => {
    const call = { method: "POST", path: "/command", request: { body: "it's" }, to: "bot" } as const;
    expect(curl(call, { bot: "http://localhost:5006", botx: "" })).toBe(
      ["curl -X POST 'http://localhost:5006/command'", `-H 'Authorization: Bearer '"$TOKEN"`, "-H 'Content-Type: application/json'", `-d '{"body":"it'\\''s"}'`].join(" \\\n  "),
    );
  });
});
