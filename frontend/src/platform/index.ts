import { isFramed, lookAround } from "./around";
import { createBrowserHost } from "./browser";
import { guardMessages } from "./guard";
import type { Host } from "./host";

export type { Host, HostFile, HostKind, KeyValueStore, Layout, Place, Platform, Theme, UploadWish } from "./host";

/** What the page has to know about its messenger. */
export interface Surroundings {
  /** Origins that may frame the app, as in the page's policy. */
  frame_ancestors: readonly string[];
  express_bot_id: string | null;
  /** Addresses of our bot in Telegram and of the app there; null where Telegram is not configured. */
  telegram?: { chat: string | null; app: string | null } | null;
}

/** The one host of this page: a browser, until `chooseHost` has found a messenger around it. */
export let host: Host = createBrowserHost();

/** The first thing at launch. A browser waits for nothing; a messenger's adapter is one more file. */
export async function chooseHost({ frame_ancestors, express_bot_id, telegram }: Surroundings): Promise<void> {
  const around = lookAround();
  if (around !== "express" && around !== "telegram") return;
  if (isFramed()) guardMessages(frame_ancestors);
  if (around === "express") {
    const { createExpressHost } = await import("./express");
    host = createExpressHost(host, express_bot_id);
  } else {
    const { createTelegramHost } = await import("./telegram");
    host = createTelegramHost(host, { ancestors: frame_ancestors, chat: telegram?.chat ?? null, app: telegram?.app ?? null });
  }
}
