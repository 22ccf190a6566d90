import { beforeEach, describe, expect, it, vi } from "vitest";

import { fakeBrowser, type FakeHistory } from "../testing/fake-history";

type Router = typeof import("./router");

let router: Router;
let history: FakeHistory;
let press: (to: "back" | "root") => void;
const host = { routeChanged: vi.fn<(isRoot: boolean) => void>(), close: vi.fn<() => void>() };

/** The messenger's own Back, and what it was told (ux.md B8). */
async function open(launch: string | null = null): Promise<void> {
  vi.resetModules();
  const onBack = (listener: typeof press) => (press = listener);
  vi.doMock("../platform", () => ({ host: { ...host, onBack } }));
  history = fakeBrowser();
  router = await import("./router");
  router.startRouter(launch);
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const told = () => host.routeChanged.mock.calls.map(([isRoot]) => isRoot);
const place = () => router.route.value.path;

beforeEach(async () => {
  host.routeChanged.mockClear();
  host.close.mockClear();
  await open();
  return () => vi.doUnmock("../platform");
});

describe("the messenger's Back", () => {
  it("leaves the app from home", () => {
    expect(told()).toEqual([true]);
    press("back");
    expect(host.close).toHaveBeenCalledOnce();
  });

  it("goes one entry back from anywhere else", async () => {
    router.navigate("/me");
    press("back");
    await settled();
    expect([place(), told()]).toEqual(["/", [true, false, true]]);
    expect(host.close).not.toHaveBeenCalled();
  });

  it("closes what is open, also on home", async () => {
    const closed = vi.fn();
    router.openLayer(closed);
    expect(told()).toEqual([true, false]);
    press("back");
    await settled();
    expect(closed).toHaveBeenCalledOnce();
    expect([place(), told().at(-1)]).toEqual(["/", true]);
    expect(host.close).not.toHaveBeenCalled();
  });

  it("pressed twice in a row does not walk out of the app", async () => {
    const steps = vi.spyOn(history, "back");
    router.navigate("/me");
    press("back");
    press("back");
    await settled();
    expect(place()).toBe("/");
    expect(steps).toHaveBeenCalledOnce();
  });

  it("works again after every step", async () => {
    router.navigate("/me");
    router.navigate("/help");
    press("back");
    await settled();
    press("back");
    await settled();
    expect(place()).toBe("/");
  });

  it("leads home from a link that opened the app", async () => {
    await open("/r/2027-0142");
    expect([place(), told().at(-1)]).toEqual(["/r/2027-0142", false]);
    press("back");
    await settled();
    expect(place()).toBe("/");
  });
});

describe("move to root", () => {
  it("is home from any depth, with nothing of the flow above it", async () => {
    router.navigate("/new?form=flight");
    router.navigate("/new/check");
    router.openLayer(vi.fn());
    press("root");
    await settled();
    expect([place(), told().at(-1)]).toEqual(["/", true]);
  });
});
