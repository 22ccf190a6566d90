import { createBrowserHost } from "./browser";

export type { Host, HostKind, KeyValueStore, Platform, Theme } from "./host";

/** The one host of this page. Adapters for messengers are chosen here when their issues bring them. */
export const host = createBrowserHost();
