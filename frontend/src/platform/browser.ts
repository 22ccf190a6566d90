import { computed, signal } from "@preact/signals";

import { createStore, createTabStore } from "./storage";
import type { Host, Platform, Theme } from "./host";

/** A plain browser tab: everything comes from web standards, nothing is awaited. */
export function createBrowserHost(): Host {
  const launch = new URLSearchParams(location.search);
  const explicit = launch.get("theme");
  const system = media("(prefers-color-scheme: dark)");
  return {
    kind: "browser",
    platform: platformOf(launch.get("platform")),
    ready: () => Promise.resolve(),
    theme: computed<Theme>(() => (explicit ? themeOf(explicit) : system.value ? "dark" : "light")),
    online: onlineSignal(),
    visible: visibleSignal(),
    locale: navigator.language.slice(0, 2),
    askedLocale: launch.get("locale"),
    launchPath: launch.get("to"),
    routeChanged: () => undefined,
    onBack: () => () => undefined,
    haptic: () => undefined,
    badge: () => undefined,
    openChat: null,
    storage: createStore("express-bot"),
    tab: createTabStore(),
  };
}

function themeOf(value: string): Theme {
  return value === "dark" ? "dark" : "light";
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
