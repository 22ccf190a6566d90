import { lookAround } from "./around";
import { createBrowserHost } from "./browser";
import { guardMessages } from "./guard";
import type { Host } from "./host";

export type { Host, HostKind, KeyValueStore, Layout, Place, Platform, Theme } from "./host";

/** What the page has to know about its messenger. */
export interface Surroundings {
  /** Origins that may frame the app, as in the page's policy. */
  frame_ancestors: readonly string[];
  express_bot_id: string | null;
}

/** The one host of this page: a browser, until `chooseHost` has found a messenger around it. */
export let host: Host = createBrowserHost();

/** The first thing at launch. A browser waits for nothing; a messenger's adapter is one more file. */
export async function chooseHost({ frame_ancestors, express_bot_id }: Surroundings): Promise<void> {
  if (lookAround() !== "express") return;
  if (host.platform === "web") guardMessages(frame_ancestors);
  const { createExpressHost } = await import("./express");
  host = createExpressHost(host, express_bot_id);
}
