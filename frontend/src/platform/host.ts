import type { ReadonlySignal } from "@preact/signals";

export type Theme = "light" | "dark";
export type Platform = "web" | "ios" | "android";
export type HostKind = "browser" | "express" | "telegram";

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

/** What a messenger or a browser lends to the app (ux.md 0.3). Screens never call an SDK directly. */
export interface Host {
  readonly kind: HostKind;
  readonly platform: Platform;
  /** Resolves when the host has said all it knows at launch; never later than its soft timeout. */
  ready(): Promise<void>;
  readonly theme: ReadonlySignal<Theme>;
  readonly online: ReadonlySignal<boolean>;
  readonly visible: ReadonlySignal<boolean>;
  /** Two letters of the device or host: a guess until we know the person. */
  readonly locale: string | null;
  /** Two letters this opening was told to use (`?locale=`): stronger than the person's own choice. */
  readonly askedLocale: string | null;
  /** A route to open first, such as `/r/2027-0142`, when the host was opened by a deep link. */
  readonly launchPath: string | null;
  /** Tells the host whether Back leaves the app; hosts without an own Back ignore it. */
  routeChanged(isRoot: boolean): void;
  /** The host's own Back was pressed (`move_to_root` gives "root"). Returns a stop function. */
  onBack(listener: (to: "back" | "root") => void): () => void;
  haptic(kind: "selection" | "success" | "error"): void;
  /** Unseen decisions: the app's badge or the window's title. */
  badge(count: number): void;
  /** Null where there is no chat to go to: then no button is drawn. */
  readonly openChat: (() => Promise<void>) | null;
  readonly storage: KeyValueStore;
  /** Lives as long as the tab: the session's token survives a reload, nothing else goes here. */
  readonly tab: TabStore;
}
