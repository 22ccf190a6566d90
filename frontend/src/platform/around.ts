interface Native {
  express?: { handleSmartAppEvent?: unknown };
  webkit?: { messageHandlers?: { express?: { postMessage?: unknown } } };
}

/** What the address says about the messenger (`?platform=`), and whether it is true. */
export type Around = "browser" | "express" | "lost";

/** The bridge believes `?platform=` alone and then waits for ever, or pops an alert, where nobody answers. */
export function lookAround(): Around {
  const platform = new URLSearchParams(location.search).get("platform");
  if (platform === null) return "browser";
  return isThere(platform) ? "express" : "lost";
}

function isThere(platform: string): boolean {
  const native = window as Native;
  if (platform === "web") return window.parent !== window;
  if (platform === "ios") return Boolean(native.webkit?.messageHandlers?.express?.postMessage);
  return platform === "android" && Boolean(native.express?.handleSmartAppEvent);
}
