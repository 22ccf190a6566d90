import { beforeEach, describe, expect, it, vi } from "vitest";

import { fakeBrowser, type FakeHistory } from "../testing/fake-history";

type Router = typeof import("./router");

async function open(hash = "", launch: string | null = null): Promise<{ router: Router; history: FakeHistory }> {
  vi.resetModules();
  const history = fakeBrowser(hash);
  const router = await import("./router");
  router.startRouter(launch);
  return { router, history };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("matching", () => {
  let router: Router;
  beforeEach(async () => ({ router } = await open()));

  it("reads parameters and refuses other shapes", () => {
    expect(router.match("/r/:number", "/r/2027-0142")).toEqual({ number: "2027-0142" });
    expect(router.match("/r/:number", "/r/")).toBeNull();
    expect(router.match("/r/:number", "/r/1/edit")).toBeNull();
    expect(router.match("/r/:number/edit", "/r/1/edit")).toEqual({ number: "1" });
  });

  it("survives a broken escape", () => {
    expect(router.match("/r/:number", "/r/%E0%A4%A")).toEqual({ number: "%E0%A4%A" });
  });
});

describe("the stack", () => {
  it("opens home, where Back belongs to the host", async () => {
    const { router } = await open();
    expect(router.route.value.path).toBe("/");
    expect(router.isRoot.value).toBe(true);
  });

  it("puts home under a deep link, so that Back leads there", async () => {
    const { router, history } = await open("#/r/2027-0142");
    expect(router.route.value.path).toBe("/r/2027-0142");
    expect(history.paths).toEqual(["#/", "#/r/2027-0142"]);
    router.back();
    await settled();
    expect(router.route.value.path).toBe("/");
  });

  it("opens what the host was launched for", async () => {
    const { router } = await open("", "/r/2027-0142");
    expect(router.route.value.path).toBe("/r/2027-0142");
  });

  it("keeps the trail over a reload", async () => {
    const { router, history } = await open();
    router.navigate("/new");
    vi.resetModules();
    const again = await import("./router");
    again.startRouter(null);
    expect(again.route.value.path).toBe("/new");
    expect(again.isRoot.value).toBe(false);
    expect(history.entries).toHaveLength(2);
  });

  it("reads the query apart from the path", async () => {
    const { router } = await open("#/new?form=flight&d=aer");
    expect(router.route.value.path).toBe("/new");
    expect(router.route.value.query.get("d")).toBe("aer");
  });

  it("takes an address typed by hand as one more step", async () => {
    const { router, history } = await open();
    history.type("#/help");
    expect(router.route.value.path).toBe("/help");
    expect(router.isRoot.value).toBe(false);
    router.back();
    await settled();
    expect(router.route.value.path).toBe("/");
  });
});

describe("leaving a finished flow", () => {
  it("puts the sent page in the place of form and check: Back leads home, never to the filled form", async () => {
    const { router, history } = await open();
    router.navigate("/new?form=flight");
    router.navigate("/new/check");
    await router.leaveFlow("/sent/2027-0142", "/new");
    expect(history.paths).toEqual(["#/", "#/sent/2027-0142"]);
    router.back();
    await settled();
    expect(router.route.value.path).toBe("/");
  });

  it("goes back to the page below instead of opening it twice", async () => {
    const { router, history } = await open("#/r/1");
    router.navigate("/r/1/edit");
    await router.leaveFlow("/r/1", "/r/1/edit");
    expect(router.route.value.path).toBe("/r/1");
    expect(history.index).toBe(1);
  });

  it("leaves home below when the flow was all there was", async () => {
    const { router, history } = await open();
    router.navigate("/profile", { replace: true });
    router.navigate("/profile?step=unit");
    await router.leaveFlow("/new?form=flight", "/profile");
    expect(history.paths).toEqual(["#/", "#/new?form=flight"]);
  });

  it("makes home the bottom of the stack from anywhere", async () => {
    const { router } = await open();
    router.navigate("/me");
    router.navigate("/profile");
    router.navigate("/");
    await settled();
    expect(router.route.value.path).toBe("/");
    expect(router.isRoot.value).toBe(true);
  });
});

describe("layers", () => {
  it("are closed by Back, and the page stays", async () => {
    const { router } = await open("#/new");
    const closed = vi.fn();
    router.openLayer(closed);
    router.back();
    await settled();
    expect(closed).toHaveBeenCalledOnce();
    expect(router.route.value.path).toBe("/new");
  });

  it("are closed from inside with their history entry", async () => {
    const { router, history } = await open("#/new");
    const closed = vi.fn();
    const close = router.openLayer(closed);
    close();
    await settled();
    expect(closed).toHaveBeenCalledOnce();
    expect(history.index).toBe(1);
    close();
    await settled();
    expect(history.index).toBe(1);
  });

  it("go with the page that opened them", async () => {
    const { router } = await open();
    router.navigate("/new");
    const closed = vi.fn();
    router.openLayer(closed);
    await router.leaveFlow("/sent/1", "/new");
    expect(closed).toHaveBeenCalledOnce();
    expect(router.route.value.path).toBe("/sent/1");
  });
});
