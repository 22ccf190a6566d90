import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { user } from "../../app/session";
import { host } from "../../platform";
import { submitted, user as person } from "../../testing/fixtures";
import { calls, created, mockApi, NO_NETWORK, problem, type Routes } from "../../testing/mock";
import { draftOf } from "./drafts";
import { cancelQueued, delivered, enqueue, flush, type QueuedItem } from "./queue";
import { queue } from "./queued";

let people = 0;
const online = host.online as unknown as { value: boolean };
const submits = () => calls.filter((call) => call.path === "submit");

function item(change: Partial<QueuedItem> = {}): QueuedItem {
  return {
    form: "flight", answers: { direction: "khv", date: "2027-01-15" }, client_key: draftOf("flight").clientKey(), period: 3,
    closes_at: "2026-12-05T15:00:00Z", timezone: "Europe/Moscow", title: "Хабаровск, 15 января", queued_at: "2026-11-23T07:00:00Z",
    ...change,
  };
}

function server(submit: unknown, routes: Routes = {}): void {
  mockApi({ "POST submit": submit, "GET draft": { draft: null }, "PUT draft": NO_NETWORK, "DELETE draft": null, ...routes });
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  user.value = person("ru", { id: `queue-${String(++people)}` });
  queue.value = [];
  calls.length = 0;
  online.value = false;
});
afterEach(() => {
  vi.useRealTimers();
  online.value = true;
});

describe("an application sent without a network (UX-111)", () => {
  it("waits on the device and goes once when the network is back", async () => {
    server(created(submitted("ru")));
    const waiting = item();
    enqueue(waiting);
    await flush();
    expect(submits()).toEqual([]);
    online.value = true;
    await Promise.all([flush(), flush()]);
    await flush();
    expect(submits()).toHaveLength(1);
    expect(submits()[0]?.body).toEqual({ form: "flight", answers: waiting.answers, period: 3 });
    expect(submits()[0]?.headers.get("Idempotency-Key")).toBe(waiting.client_key);
    expect([queue.value, delivered.value[waiting.client_key]]).toEqual([[], "2027-0142"]);
  });

  it("is tried again with the same key while there is no answer", async () => {
    const answers = [NO_NETWORK, problem(503, "core_unavailable"), created(submitted("ru"))];
    server(() => answers.shift());
    online.value = true;
    enqueue(item());
    await flush();
    expect(queue.value).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200_000);
    const keys = new Set(submits().map((call) => call.headers.get("Idempotency-Key")));
    expect([submits().length, keys.size, queue.value.length]).toEqual([3, 1, 0]);
  });

  it("takes its draft with it", async () => {
    server(created(submitted("ru")));
    const keeper = draftOf("flight");
    keeper.change("direction", { direction: "khv" });
    keeper.save();
    enqueue(item());
    online.value = true;
    await flush();
    expect(keeper.draft.value).toBeNull();
  });

  it("becomes a draft with the reason when the period has closed meanwhile", async () => {
    server(problem(409, "period_closed", { closes_at: "2026-12-05T15:00:00Z", detail: "" }));
    const keeper = draftOf("flight");
    keeper.change("direction", { direction: "khv" });
    enqueue(item());
    online.value = true;
    await flush();
    expect(queue.value).toEqual([]);
    expect(keeper.draft.value).toMatchObject({
      answers: { direction: "khv" },
      refused: { code: "period_closed", extensions: { closes_at: "2026-12-05T15:00:00Z", timezone: "Europe/Moscow" } },
    });
    expect(submits()).toHaveLength(1);
  });

  it("may be taken back; its answers stay a draft", async () => {
    server(created(submitted("ru")));
    const keeper = draftOf("flight");
    keeper.change("direction", { direction: "khv" });
    const waiting = item();
    enqueue(waiting);
    cancelQueued(waiting.client_key);
    online.value = true;
    await flush();
    expect(submits()).toEqual([]);
    expect(keeper.draft.value?.answers).toEqual({ direction: "khv" });
  });

  it("sent again after a change replaces the former one", () => {
    enqueue(item());
    enqueue(item({ answers: { direction: "vvo", date: "2027-01-16" } }));
    expect(queue.value.map((each) => each.answers.direction)).toEqual(["vvo"]);
  });
});
