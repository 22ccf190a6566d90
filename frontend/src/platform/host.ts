import type { ReadonlySignal } from "@preact/signals";

import type { Carrier } from "../api/carrier";

export type Theme = "light" | "dark";
export type Platform = "web" | "ios" | "android";
export type HostKind = "browser" | "express" | "telegram";
/** How much room the messenger gives: a narrow pane, half a window, all of it. */
export type Layout = "minimal" | "half" | "full";

/** Small values that outlive the page: drafts, the send queue, the offline snapshot. */
export interface KeyValueStore {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  keys(prefix: string): Promise<string[]>;
}

export interface TabStore {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

/** Where a link leads, as messengers carry it (ux.md B8): `{to: "r", id: "2027-0142"}`. Comes from outside. */
export interface Place {
  to: string;
  id?: string | undefined;
}

/** What a messenger has signed about the person, good for one session (Telegram's init data). */
export interface Proof {
  /** Null once it is spent: only another opening of the app brings a new one. */
  value(): string | null;
  /** The server has taken it, or will never take it. */
  spend(): void;
}

/** What a form wants to have attached. */
export interface UploadWish {
  /** Media types; empty for any. */
  types: readonly string[];
  maxBytes: number | null;
  many: boolean;
}

/** A file that the messenger has taken; `record` is for our server, which fetches it by that. */
export interface HostFile {
  name: string;
  size: number;
  record: unknown;
}

/** What a messenger or a browser lends to the app (ux.md 0.3). Screens never call an SDK directly. */
export interface Host {
  readonly kind: HostKind;
  readonly platform: Platform;
  /** Resolves when the host has said all it knows at launch; never later than its soft timeout. */
  ready(): Promise<void>;
  /** The address speaks of a messenger, and none is there or none answers (E0). */
  readonly lost: ReadonlySignal<boolean>;
  readonly theme: ReadonlySignal<Theme>;
  readonly layout: ReadonlySignal<Layout | null>;
  readonly online: ReadonlySignal<boolean>;
  readonly visible: ReadonlySignal<boolean>;
  /** Two letters of the device or host: a guess until we know the person. */
  readonly locale: string | null;
  /** Two letters this opening was told to use (`?locale=`): stronger than the person's own choice. */
  readonly askedLocale: string | null;
  /** What the host was opened for; a slow messenger may tell it after `ready`. */
  readonly launch: ReadonlySignal<Place | null>;
  /** Tells the host whether Back leaves the app; hosts without an own Back ignore it. */
  routeChanged(isRoot: boolean): void;
  /** The host's own Back was pressed (`move_to_root` gives "root"). Returns a stop function. */
  onBack(listener: (to: "back" | "root") => void): () => void;
  /** Leaves the app; a browser has nowhere to go. */
  close(): void;
  haptic(kind: "selection" | "success" | "error"): void;
  /** Unseen decisions: the app's badge or the window's title. */
  badge(count: number): void;
  /** Goes to the chat with the bot; false when the messenger did not do it. Null where there is no chat at all. */
  readonly openChat: (() => Promise<boolean>) | null;
  /** Asks, where that is needed, whether the bot may write first; null where nobody has to be asked. */
  readonly askToWrite: (() => Promise<void>) | null;
  /** A link that opens the app at this place; null when the messenger made none. A browser has its address bar. */
  readonly linkTo: ((place: Place) => Promise<string | null>) | null;
  /** The messenger's own way to our server, with HTTP behind it; null where HTTP is the only one. */
  readonly carrier: Carrier | null;
  /** The messenger's client picks files and uploads them itself, without telling how far it is; null when the person has
   *  chosen nothing. Where there is no such client: the browser's picker and HTTP. */
  readonly uploads: ((wish: UploadWish) => Promise<HostFile[] | null>) | null;
  /** Opens an address outside of a WebView that would not download; null where a link does. */
  readonly openOutside: ((address: string) => boolean) | null;
  /** Who the person is, signed by the messenger once per opening; null where nothing is signed. */
  readonly proof: Proof | null;
  /** Whose messenger this is: tells two people on one device apart, never proves anybody. */
  account(): Promise<string | null>;
  readonly storage: KeyValueStore;
  /** Lives as long as the tab: the session's token survives a reload, nothing else goes here. */
  readonly tab: TabStore;
}
