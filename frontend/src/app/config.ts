import type { Locale, Mode } from "../api/types";

/** What the gateway writes into the page at its start. */
export interface Config {
  mode: Mode;
  providers: ("demo" | "local")[];
  organisation: string;
  contact: string | null;
  locales: Locale[];
  version: string;
}

const fallback: Config = {
  mode: "production",
  providers: [],
  organisation: "",
  contact: null,
  locales: ["ru", "en"],
  version: "",
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
