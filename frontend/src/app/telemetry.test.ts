import { beforeEach, expect, it, vi } from "vitest";

import { calls, mockApi } from "../testing/mock";
import { fakeBrowser } from "../testing/fake-history";

interface Batch {
  events: { kind: string; message: string; route: string }[];
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  calls.length = 0;
  mockApi({ "POST telemetry": null });
  fakeBrowser("#/r/2027-0142");
  return () => vi.useRealTimers();
});

async function open() {
  const [telemetry, { startRouter }, { sessionState }] = await Promise.all([import("./telemetry"), import("./router"), import("./session")]);
  startRouter();
  sessionState.value = "in";
  return telemetry;
}

const sent = () => calls.filter(({ path }) => path === "telemetry").flatMap(({ body }) => (body as Batch).events);

it("tells an error once, without names and numbers", async () => {
  const { reportError } = await open();
  for (let i = 0; i < 3; i += 1) reportError(new Error("Воронцова 100234 is undefined"), "EB-0001");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent()).toHaveLength(1);
  expect(sent()[0]).toMatchObject({ kind: "error", message: "Error: … # is undefined", route: "/r/:number" });
});

it("never sends more than ten errors in one session", async () => {
  const { reportError } = await open();
  for (let i = 0; i < 30; i += 1) reportError(new Error(`error ${"x".repeat(i)}`), "EB-0001");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent()).toHaveLength(10);
});
