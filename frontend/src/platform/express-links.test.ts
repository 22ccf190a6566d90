import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { FakeMessenger, leaveMessenger, openedHost } from "../testing/messenger";

let messenger: FakeMessenger;

beforeEach(() => {
  messenger = new FakeMessenger();
});
afterEach(leaveMessenger);

async function ready() {
  const host = await openedHost();
  await host.ready();
  return host;
}

describe("links in", () => {
  const meta = { to: "r", id: "2027-0142" };

  it.each(["deeplink", "push", "push_notification", "menu_action", "email_link"])("from %s", async (initiator) => {
    messenger.answers.ready = { status: "success", initial_data: { initiator, meta } };
    expect((await ready()).launch.value).toEqual(meta);
  });

  it("as the pairs that a deep link is made of", async () => {
    const pairs = [{ key: "to", value: "draft" }, { key: "id", value: "flight" }];
    messenger.answers.ready = { status: "success", initial_data: { initiator: "deeplink", meta: pairs } };
    expect((await ready()).launch.value).toEqual({ to: "draft", id: "flight" });
  });

  it("from another SmartApp", async () => {
    messenger.answers.ready = { status: "success", open_smart_app_meta: { to: "me" } };
    expect((await ready()).launch.value).toEqual({ to: "me", id: undefined });
  });

  it.each([
    ["a profile", { initiator: "profile_action", meta: { action: "open", profile: { user_huid: "x" } } }],
    ["nothing", { initiator: "menu" }],
    ["words", { initiator: "deeplink", meta: "r/1" }],
    ["odd values", { initiator: "deeplink", meta: { to: 5, id: {} } }],
  ])("that name no place: %s", async (_what, initial_data) => {
    messenger.answers.ready = { status: "success", initial_data };
    expect((await ready()).launch.value).toBeNull();
  });
});

describe("links out", () => {
  it("are made by the client", async () => {
    messenger.answers.create_deeplink = { status: "success", data: { deeplink: "https://xlnk.example/open" } };
    const host = await ready();
    expect(await host.linkTo?.({ to: "r", id: "2027-0142" })).toBe("https://xlnk.example/open");
    expect(messenger.calls("create_deeplink")[0]?.payload).toEqual({
      appId: "bot-id",
      meta: [{ key: "to", value: "r" }, { key: "id", value: "2027-0142" }],
    });
  });

  it("are none when the client refuses", async () => {
    messenger.answers.create_deeplink = { status: "error", error_code: "links_disabled" };
    expect(await (await ready()).linkTo?.({ to: "me" })).toBeNull();
  });
});
