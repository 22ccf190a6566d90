import { vi } from "vitest";

import { forgetListeners } from "./fake-history";

export const TELEGRAM = "https://web.telegram.org";

export interface Told {
  method: string;
  params: Record<string, unknown> | undefined;
}

/** Day of Telegram for iOS. */
export const DAY = {
  bg_color: "#ffffff", secondary_bg_color: "#efeff4", section_bg_color: "#ffffff", text_color: "#000000",
  hint_color: "#8e8e93", subtitle_text_color: "#8e8e93", link_color: "#007aff", accent_text_color: "#007aff",
  button_color: "#007aff", button_text_color: "#ffffff", header_bg_color: "#f8f8f8",
};
/** Night of Telegram for desktops. */
export const NIGHT = {
  bg_color: "#17212b", secondary_bg_color: "#232e3c", section_bg_color: "#17212b", text_color: "#f5f5f5",
  hint_color: "#708499", subtitle_text_color: "#708499", link_color: "#6ab3f3", accent_text_color: "#6ab2f2",
  button_color: "#5288c1", button_text_color: "#ffffff", header_bg_color: "#17212b",
};

export interface Opened {
  version?: string;
  platform?: string;
  theme?: object;
  start?: string;
  user?: object | null;
  hash?: string;
  /** A page before the parameters: `#/me`. */
  route?: string;
}

/** What the client writes into the address; nobody has signed it. */
export function launchHash({ version = "9.1", platform = "ios", theme = DAY, start, user, hash = "f00d", route = "" }: Opened = {}): string {
  const person = user === undefined ? { id: 77, first_name: "Анна", language_code: "ru" } : user;
  const data = new URLSearchParams({ ...(person ? { user: JSON.stringify(person) } : {}), auth_date: "1795417320", hash });
  if (start) data.set("start_param", start);
  const params = new URLSearchParams({ tgWebAppData: data.toString(), tgWebAppVersion: version, tgWebAppPlatform: platform });
  params.set("tgWebAppThemeParams", JSON.stringify(theme));
  return `#${route}${route ? "?" : ""}${params.toString()}`;
}

/** A Telegram client around the page: the object of the apps for phones, or (`framed`) the page of the web client. */
export class FakeTelegram {
  readonly told: Told[] = [];
  /** Where messages to the page around were addressed. */
  readonly origins = new Set<string>();
  private readonly page = {
    postMessage: (message: string, origin: string) => {
      this.origins.add(origin);
      this.hear(message);
    },
  };

  /** Opens the page in the client; the modules of the page are fresh. */
  constructor(opened: Opened = {}, private readonly framed = false) {
    this.load(`/${launchHash(opened)}`);
    sessionStorage.clear();
  }

  /** Loads the page once more, at an address of its own or the one it has. */
  load(address?: string): void {
    vi.resetModules();
    forgetListeners();
    this.told.length = 0;
    if (address !== undefined) history.replaceState(null, "", address);
    if (this.framed) frame(this.page);
    else Object.assign(window, { TelegramWebviewProxy: { postEvent: (method: string, data: string) => this.note(method, data) } });
  }

  /** What the client says by itself. */
  push(event: string, data?: object): void {
    const { Telegram } = window as unknown as { Telegram: { WebView: { receiveEvent: (name: string, data: unknown) => void } } };
    if (this.framed) this.post(JSON.stringify({ eventType: event, eventData: data }));
    else Telegram.WebView.receiveEvent(event, data);
  }

  post(data: string, origin = TELEGRAM, source: unknown = this.page): void {
    dispatchEvent(new MessageEvent("message", { data, origin, source: source as Window }));
  }

  /** Parameters of the calls of a method so far. */
  calls(method: string): (Record<string, unknown> | undefined)[] {
    return this.told.filter((each) => each.method === method).map(({ params }) => params);
  }

  private hear(message: string): void {
    const { eventType, eventData } = JSON.parse(message) as { eventType: string; eventData?: Record<string, unknown> };
    this.told.push({ method: eventType, params: eventData });
  }

  private note(method: string, data: string): void {
    this.told.push({ method, params: (JSON.parse(data || "null") ?? undefined) as Told["params"] });
  }
}

/** Whose page this one lies in; its own is none. */
function frame(around: unknown): void {
  for (const name of ["parent", "top"]) Object.defineProperty(window, name, { value: around, configurable: true });
}

/** The plain window again. */
export function leaveTelegram(): void {
  for (const name of ["TelegramWebviewProxy", "Telegram", "TelegramGameProxy", "TelegramGameProxy_receiveEvent"]) {
    Reflect.deleteProperty(window, name);
  }
  frame(window);
  document.documentElement.removeAttribute("style");
  sessionStorage.clear();
  history.replaceState(null, "", "/");
}

/** The page's host as `start` chooses it. */
export async function openedInTelegram(facts: { chat?: string | null; app?: string | null } = {}) {
  const platform = await import("../platform");
  const telegram = { chat: "https://t.me/requests_bot", app: "https://t.me/requests_bot/app", ...facts };
  await platform.chooseHost({ frame_ancestors: [TELEGRAM], express_bot_id: null, telegram });
  return platform.host;
}
