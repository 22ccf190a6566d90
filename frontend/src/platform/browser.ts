import { computed, signal } from "@preact/signals";

import { lookAround } from "./around";
import { createStore, createTabStore } from "./storage";
import type { Host, Place, Platform, Theme } from "./host";

/** A plain browser tab: everything comes from web standards, nothing is awaited. */
export function createBrowserHost(): Host {
  const launch = new URLSearchParams(location.search);
  const explicit = launch.get("theme");
  const system = media("(prefers-color-scheme: dark)");
  return {
    kind: "browser",
    platform: platformOf(launch.get("platform")),
    ready: () => Promise.resolve(),
    lost: signal(lookAround() === "lost"),
    theme: computed<Theme>(() => (explicit ? themeOf(explicit) : system.value ? "dark" : "light")),
    layout: signal(null),
    online: onlineSignal(),
    visible: visibleSignal(),
    locale: navigator.language.slice(0, 2),
    askedLocale: launch.get("locale"),
    launch: signal(placeOf(launch)),
    routeChanged: () => undefined,
    onBack: () => () => undefined,
    close: () => undefined,
    haptic: () => undefined,
    badge: () => undefined,
    openChat: null,
    askToWrite: null,
    linkTo: null,
    carrier: null,
    uploads: null,
    openOutside: null,
    proof: null,
    account: () => Promise.resolve(null),
    storage: createStore("express-bot"),
    tab: createTabStore(),
  };
}

function themeOf(value: string): Theme {
  return value === "dark" ? "dark" : "light";
}

function placeOf(launch: URLSearchParams): Place | null {
  const to = launch.get("to");
  return to === null ? null : { to, id: launch.get("id") ?? undefined };
}

function platformOf(value: string | null): Platform {
  return value === "ios" || value === "android" ? value : "web";
}

function media(query: string) {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener("change", () => (matches.value = list.matches));
  return matches;
}

function onlineSignal() {
  const online = signal(navigator.onLine);
  addEventListener("online", () => (online.value = true));
  addEventListener("offline", () => (online.value = false));
  return online;
}

function visibleSignal() {
  const visible = signal(document.visibilityState === "visible");
  document.addEventListener("visibilitychange", () => (visible.value = document.visibilityState === "visible"));
  return visible;
}
