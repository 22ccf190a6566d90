import { computed, effect, signal } from "@preact/signals";

import { api } from "../data/api";
import { acting, chats, isOffline, me, openChat, otherChat, people, persona, server } from "../data/store";
import { onEvent } from "../data/stream";
import type { AppEvent, FileView } from "../data/types";
import { pageTheme } from "../controls/theme";
import { locale } from "../i18n";
import { Bridge, type Crossing } from "./bridge";
import { Client, type Opening } from "./client";
import { ClientStore } from "./client-store";
import { askForFiles } from "./picker";

export type Layout = "minimal" | "half" | "full";
export interface Push {
  title: string;
  body: string;
  meta: unknown;
}

/** The phone as it stands: switches of the page, and what the SmartApp has said about itself. */
export const layout = signal<Layout>("minimal");
export const theme = signal<"light" | "dark">(pageTheme.peek());
export const hasEdges = signal(false);
/** The keyboard lies over the lower part of the app, as on iOS. */
export const hasKeys = signal(false);
export const isLarge = signal(false);
export const isOpen = signal(true);
export const isMinimised = signal(false);
export const isRoot = signal(true);
export const push = signal<Push | null>(null);
export const crossings = signal<Crossing[]>([]);
/** Where the page's tabs should go: the SmartApp may ask for the chat, the chat for the SmartApp. */
export const wanted = signal<"chat" | "app" | null>(null);
/** Counts the openings: each is a frame of its own, as each is a page of its own in the messenger. */
export const openings = signal(1);

const KEPT_CROSSINGS = 300;
const opening = signal<Opening>({ initiator: null, meta: null });
let frame: HTMLIFrameElement | null = null;

export const isVisible = computed(() => isOpen.value && !isMinimised.value);
export const counter = computed(() => chats.value.get(me.value?.chat ?? "")?.counter ?? 0);

/** The address of the SmartApp as the messenger opens it (protocol §5.1); without one until the messenger is known. */
export const address = computed(() => {
  const app = server.value?.appUrl;
  if (!app || !me.value) return null;
  const query = new URLSearchParams({ platform: "web", theme: theme.value, locale: locale.value });
  return `${app}/?${query.toString()}`;
});

export function setFrame(element: HTMLIFrameElement | null): void {
  frame = element;
}

// ── what hands do ──

export function open(how: Opening = { initiator: null, meta: null }): void {
  opening.value = how;
  isRoot.value = true;
  isMinimised.value = false;
  isOpen.value = true;
  push.value = null;
  openings.value += 1;
  wanted.value = "app";
}

export function close(): void {
  isOpen.value = false;
}

/** The host's Back: a page of the app goes back by itself, from the first one the app is left. */
export function back(): void {
  if (isRoot.value) close();
  else bridge.tell("back_pressed");
}

export function minimise(on: boolean): void {
  isMinimised.value = on;
}

/** The demo's app has a page that throws on purpose: this opens it. */
export function breakApp(): void {
  open({ initiator: "deeplink", meta: { to: "broken" } });
}

/** A link into the SmartApp, as `create_deeplink` makes it; anything else belongs to the browser. */
export function openLink(link: string): void {
  const meta = metaOf(link);
  if (meta) open({ initiator: "deeplink", meta });
  else if (link.endsWith(`/open/profile/${server.value?.bot.id ?? ""}`)) wanted.value = "chat";
  else window.open(link, "_blank", "noopener");
}

export function metaOf(link: string): Record<string, string> | null {
  const botId = server.value?.bot.id ?? "";
  if (!URL.canParse(link, location.href)) return null;
  const { pathname, searchParams } = new URL(link, location.href);
  if (!pathname.endsWith(`/open/smartapp/${botId}`)) return null;
  searchParams.delete("ets_id");
  return Object.fromEntries(searchParams);
}

function linkOf(meta: unknown): string {
  const pairs = Array.isArray(meta) ? meta.map((pair: { key?: string; value?: string }) => [pair.key ?? "", pair.value ?? ""]) : [];
  const query = new URLSearchParams(pairs).toString();
  return `${location.origin}/open/smartapp/${server.value?.bot.id ?? ""}${query ? `?${query}` : ""}`;
}

// ── the bridge ──

const client = new Client(
  {
    me: () => me.value,
    people: () => people.value,
    botId: () => server.value?.bot.id ?? "",
    layout: () => layout.value,
    isConnected: () => !isOffline.value,
    isVisible: () => isVisible.value,
    counter: () => counter.value,
    opening: () => opening.value,
    moved: (root) => (isRoot.value = root),
    close,
    open: (meta) => open({ initiator: "smart_app", meta }),
    openChat: () => {
      otherChat.value = null;
      wanted.value = "chat";
      void openChat();
    },
    openLink,
    openFile: (file: FileView) => window.open(`/emulator/files/${file.file_id}`, "_blank", "noopener"),
    pickFiles: askForFiles,
    say: async (text, data) => {
      await api.text({ persona: persona.value, phone: acting().phone }, text, data);
    },
    link: linkOf,
  },
  new ClientStore(() => me.value?.huid ?? "nobody", localStorage),
);

export const bridge = new Bridge({
  frame: () => frame?.contentWindow ?? null,
  origin: () => (server.value ? new URL(server.value.appUrl).origin : ""),
  client,
  isOffline: () => isOffline.value,
  toBot: (event) => api.appEvent({ persona: persona.value, phone: acting().phone }, event),
  watch: (crossing) => (crossings.value = [...crossings.value, crossing].slice(-KEPT_CROSSINGS)),
});

/** Ties the phone to the page and to the messenger's events. */
export function startPhone({ isClosed = false } = {}): void {
  isOpen.value = !isClosed;
  addEventListener("message", bridge.listen);
  onEvent((event) => event.topic === "app" && hear(event));
  tellWhenItChanges("connection_status", () => ({ connection_status: isOffline.value ? "disconnected" : "connected" }));
  tellWhenItChanges("layout_type", () => ({ layout_type: layout.value }));
  tellWhenItChanges("app_visibility", () => ({ visible: isVisible.value }));
  effect(() => {
    if (!isOffline.value) bridge.resume();
  });
}

function hear(event: AppEvent): void {
  if (!event.huids?.includes(me.value?.huid ?? "")) return;
  if (event.kind === "push") push.value = { title: event.title ?? "", body: event.body ?? "", meta: event.meta };
  else if (event.kind === "answer" || event.kind === "news") bridge.deliver(event);
}

/** Subscriptions of the SDK: the first value is asked for, later ones are told. */
function tellWhenItChanges(type: string, facts: () => Record<string, unknown>): void {
  let told = JSON.stringify(facts());
  effect(() => {
    const now = facts();
    if (JSON.stringify(now) === told) return;
    told = JSON.stringify(now);
    bridge.tell(type, { status: "success", ...now });
  });
}

/** Another person takes the phone, or another language or theme is chosen: the app is opened anew. */
export function startAfresh(): void {
  open({ initiator: null, meta: null });
  wanted.value = null;
}
