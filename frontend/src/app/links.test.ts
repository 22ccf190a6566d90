import { describe, expect, it } from "vitest";

import { routeOf } from "./links";
import { screenFor } from "./pages";
import { UnknownPage } from "./ErrorScreen";

describe("a link", () => {
  it.each([
    [{ to: "home" }, "/"],
    [{ to: "new" }, "/new"],
    [{ to: "new", id: "aer" }, "/new?d=aer"],
    [{ to: "draft", id: "certificate" }, "/new?form=certificate"],
    [{ to: "r", id: "2027-0142" }, "/r/2027-0142"],
    [{ to: "r/2027-0142" }, "/r/2027-0142"],
    [{ to: "/r/2027-0142" }, "/r/2027-0142"],
    [{ to: "r" }, "/all"],
    [{ to: "all" }, "/all"],
    [{ to: "me" }, "/me"],
    [{ to: "help" }, "/help"],
    [{ to: "desk" }, "/desk/statistics"],
  ])("%j leads to %s, and a screen is there", (place, path) => {
    expect(routeOf(place)).toBe(path);
    const screen = screenFor(path.split("?")[0] ?? "") as { type: unknown };
    expect(screen.type).not.toBe(UnknownPage);
  });

  it.each(["", "desktop", "constructor", "__proto__", "toString", "//evil.example", "javascript:alert(1)", "https://evil.example"])(
    "%j leads nowhere",
    (to) => expect(routeOf({ to, id: "1" })).toBeNull(),
  );

  it.each(["../me", "1/edit", "<script>", "%2e%2e", "1?x=1#y"])("keeps an odd number in its place: %j", (id) => {
    const path = routeOf({ to: "r", id }) ?? "";
    expect(path.slice(1).split("/")).toHaveLength(2);
    expect(path).not.toMatch(/[?#<]/);
  });
});
