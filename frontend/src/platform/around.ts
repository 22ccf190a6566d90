import { createTabStore } from "./storage";

interface Native {
  express?: { handleSmartAppEvent?: unknown };
  webkit?: { messageHandlers?: { express?: { postMessage?: unknown } } };
  TelegramWebviewProxy?: { postEvent?: unknown };
  external?: { notify?: unknown };
}

/** What the address says about the messenger (`?platform=`, `#tgWebApp…`), and whether it is true. */
export type Around = "browser" | "express" | "telegram" | "lost";

/** Telegram's launch parameters are gone from the address once a route stands there: a reload finds them here. */
export const TELEGRAM_LAUNCH = "telegram-launch";
const TELEGRAM = /[#&?]tgWebApp(Data|Version|Platform)=/;

/** The bridge believes `?platform=` alone and then waits for ever, or pops an alert, where nobody answers. */
export function lookAround(): Around {
  const platform = new URLSearchParams(location.search).get("platform");
  if (TELEGRAM.test(location.hash)) return hasTelegram() ? "telegram" : "lost";
  if (platform !== null) return hasExpress(platform) ? "express" : "lost";
  return createTabStore().get(TELEGRAM_LAUNCH) !== null && hasTelegram() ? "telegram" : "browser";
}

function hasExpress(platform: string): boolean {
  const native = window as Native;
  if (platform === "web") return isFramed();
  if (platform === "ios") return Boolean(native.webkit?.messageHandlers?.express?.postMessage);
  return platform === "android" && Boolean(native.express?.handleSmartAppEvent);
}

function hasTelegram(): boolean {
  const { TelegramWebviewProxy, external } = window as Native;
  return Boolean(TelegramWebviewProxy?.postEvent) || typeof external?.notify === "function" || isFramed();
}

/** In somebody else's page: web clients speak to us by messages. */
export function isFramed(): boolean {
  return window.parent !== window;
}
