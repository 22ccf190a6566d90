import { afterEach, describe, expect, it, vi } from "vitest";

import { lookAround } from "./around";
import { covers } from "./guard";

describe("an origin that may frame the app", () => {
  it.each([
    ["https://web.example", "https://web.example", true],
    ["https://web.example/", "https://web.example", true],
    ["https://web.example:8443", "https://web.example:8443", true],
    ["https://*.example", "https://a.b.example", true],
    ["'self'", "http://localhost:3000", true],
    ["localhost:8080", "http://localhost:8080", true],
    ["https://web.example", "http://web.example", false],
    ["https://web.example", "https://web.example:8443", false],
    ["https://web.example", "https://web.example.evil.ru", false],
    ["https://web.example", "https://webxexample", false],
    ["https://*.example", "https://example", false],
    ["https://*.example", "https://evil.ru/.example", false],
    ["*", "https://evil.ru", false],
    ["https:", "https://evil.ru", false],
    ["", "null", false],
    ["'none'", "null", false],
  ])("%s covers %s: %s", (source, origin, expected) => {
    expect(covers(source, origin)).toBe(expected);
  });
});

describe("looking around", () => {
  afterEach(() => {
    history.replaceState(null, "", "/");
    vi.unstubAllGlobals();
    Object.defineProperty(window, "parent", { value: window, configurable: true });
  });

  const at = (query: string) => history.replaceState(null, "", `/${query}`);
  const framed = () => Object.defineProperty(window, "parent", { value: {}, configurable: true });

  it.each([
    ["", "browser"],
    ["?theme=dark", "browser"],
    ["?platform=web", "lost"],
    ["?platform=ios", "lost"],
    ["?platform=android", "lost"],
    ["?platform=desktop", "lost"],
  ])("%j alone is %s", (query, expected) => {
    at(query);
    expect(lookAround()).toBe(expected);
  });

  it("finds the web client around a frame, and nothing native in it", () => {
    framed();
    at("?platform=web");
    expect(lookAround()).toBe("express");
    at("?platform=ios");
    expect(lookAround()).toBe("lost");
    at("");
    expect(lookAround()).toBe("browser");
  });

  it("finds the native objects", () => {
    vi.stubGlobal("express", { handleSmartAppEvent: () => undefined });
    vi.stubGlobal("webkit", { messageHandlers: { express: { postMessage: () => undefined } } });
    at("?platform=android");
    expect(lookAround()).toBe("express");
    at("?platform=ios");
    expect(lookAround()).toBe("express");
  });
});
