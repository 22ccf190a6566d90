import { beforeEach, expect, it } from "vitest";

import { user } from "../../app/session";
import { user as person } from "../../testing/fixtures";
import { keep, queue, restoreQueue, type QueuedItem } from "./queued";

const item: QueuedItem = {
  form: "flight", answers: { direction: "khv" }, client_key: "key-1", period: 3, closes_at: null, timezone: null,
  title: "Хабаровск, 15 января", queued_at: "2026-11-23T07:00:00Z",
};
let people = 0;

beforeEach(() => {
  user.value = person("ru", { id: `queued-${String(++people)}` });
  queue.value = [];
});

/** A messenger has cleaned the WebView: what is left is its own store. */
function cleaned(): void {
  localStorage.clear();
  queue.value = [];
}

it("finds what waits in the host's own store when the page's was cleaned away", async () => {
  keep([item]);
  cleaned();
  await restoreQueue();
  expect(queue.value).toEqual([item]);
});

it("brings nothing back that was sent", async () => {
  keep([item]);
  keep([]);
  await restoreQueue();
  expect(queue.value).toEqual([]);
});

it("gives nobody what another person sent", async () => {
  keep([item]);
  cleaned();
  const restoring = restoreQueue();
  user.value = person("ru", { id: "somebody-else" });
  await restoring;
  expect(queue.value).toEqual([]);
});
