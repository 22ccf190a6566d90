/** Every screen in every state, from fixtures: `gallery.html?state=home.offline&theme=dark&locale=en`. For axe, for
 *  screenshots and for looking; never part of the employee's bundle. */
import "../ui/tokens.css";
import "../ui/base.css";
import "../app/app.css";

import type { Locale } from "../api/types";
import { user } from "./fixtures";
import { mockApi } from "./mock";
import { goodDay, type State, type States } from "./state";

const files = import.meta.glob<States>("./states/*.ts", { eager: true, import: "states" });
const all: States = Object.fromEntries(Object.values(files).flatMap((states) => Object.entries(states)));
const params = new URLSearchParams(location.search);
const locale: Locale = params.get("locale") === "en" ? "en" : "ru";
const chosen = all[params.get("state") ?? ""];

if (chosen) void show(chosen(locale));
else listStates();

async function show(state: State): Promise<void> {
  await emptyDevice();
  mockApi({ ...goodDay(locale, state.now, state.roles), ...state.api });
  if (state.online === false) Object.defineProperty(navigator, "onLine", { get: () => false });
  writeConfig(state.config ?? {});
  history.replaceState(null, "", `${location.search}&${state.query ?? ""}#${state.route ?? "/"}`);
  await remember(state);
  const { start } = await import("../app/start");
  const root = document.getElementById("app");
  await start(root);
  await settle();
  if (root) await state.play?.(root, settle);
  await settle();
  document.documentElement.dataset.ready = "yes";
}

function listStates(): void {
  const main = document.createElement("main");
  main.className = "page";
  main.append(...Object.keys(all).sort().map(linkTo));
  document.body.replaceChildren(main);
}

function linkTo(name: string): HTMLElement {
  const link = document.createElement("a");
  link.href = `?state=${name}`;
  link.textContent = name;
  link.dataset.state = name;
  return link;
}

async function emptyDevice(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  await new Promise<void>((resolve) => {
    const gone = indexedDB.deleteDatabase("express-bot");
    gone.onsuccess = gone.onerror = gone.onblocked = () => resolve();
  });
}

function writeConfig(change: Record<string, unknown>): void {
  const config = {
    mode: "demo", providers: ["demo", "local"], organisation: "Авиакомпания «Пример»", contact: "coordinator@example.org",
    locales: ["ru", "en"], version: "0.1.0", express_bot_id: "11111111-2222-5333-8444-555555555555",
    telegram: { chat: "https://t.me/example_requests_bot", app: null }, ...change,
  };
  const place = document.getElementById("config");
  if (place) place.textContent = JSON.stringify(config);
}

async function remember(state: State): Promise<void> {
  const { host } = await import("../platform");
  const person = user(locale, state.roles ? { roles: state.roles } : {});
  if (state.signedIn !== false) {
    await host.storage.set("session", { user: person, persona: "employee" });
    host.tab.set("token", "test");
  }
  for (const [name, value] of Object.entries(state.cached ?? {})) {
    await host.storage.set(`cache:${person.id}:${locale}:${name}`, { value, at: Date.now() - 60_000 });
  }
  for (const [name, value] of Object.entries(state.local ?? {})) {
    localStorage.setItem(`express-bot:${person.id}:${name}`, JSON.stringify(value));
  }
}

/** Quiet: nothing was drawn for a while. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    let timer = setTimeout(done, 150);
    const watch = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(done, 150);
    });
    watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    function done() {
      watch.disconnect();
      resolve();
    }
  });
}
