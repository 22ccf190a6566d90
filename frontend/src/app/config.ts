import type { Locale, Mode } from "../api/types";

/** What the gateway writes into the page at its start. */
export interface Config {
  mode: Mode;
  providers: ("demo" | "local" | "telegram")[];
  organisation: string;
  contact: string | null;
  locales: Locale[];
  version: string;
  /** Origins that may frame the app: the messenger's page is one of them. */
  frame_ancestors: string[];
  /** The bot in eXpress: whose chat is opened, and whose links are made. */
  express_bot_id: string | null;
  /** Our bot in Telegram; null where it is not configured. Addresses are null until somebody has told them. */
  telegram: { chat: string | null; app: string | null } | null;
}

const fallback: Config = {
  mode: "production",
  providers: [],
  organisation: "",
  contact: null,
  locales: ["ru", "en"],
  version: "",
  frame_ancestors: [],
  express_bot_id: null,
  telegram: null,
};

export const config: Config = { ...fallback, ...readConfig() };

/** The build of these files; the gateway's version may be newer after an update. */
export const build: string = __BUILD__;

function readConfig(): Partial<Config> {
  try {
    return JSON.parse(document.getElementById("config")?.textContent ?? "{}") as Partial<Config>;
  } catch {
    return {};
  }
}
