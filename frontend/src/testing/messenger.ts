import { vi } from "vitest";

import { forgetListeners } from "./fake-history";

/** An event as the bridge of the web platform posts it to the page around it (botx.md 5.2). */
export interface Posted {
  ref: string;
  method: string;
  handler: "botx" | "express";
  payload: Record<string, unknown>;
  [more: string]: unknown;
}

/** What comes back in `data`; `null` stays silent, as clients do about what they do not know. */
export type Said = Record<string, unknown> | null;
type Answers = Record<string, Said | ((params: Record<string, unknown>) => Said | Promise<Said>)>;

export const ORIGIN = "https://web.messenger.example";
const SUCCESS = { status: "success" };

/** A web client of eXpress around the page. The unmodified SDK talks to it over real `message` events. */
export class FakeMessenger {
  readonly posted: Posted[] = [];
  readonly stored = new Map<string, string>();
  answers: Answers = {
    ready: SUCCESS,
    routing_changes: SUCCESS,
    subscribe_client_events: SUCCESS,
    get_connection_status: { ...SUCCESS, connection_status: "connected" },
    get_layout_type: { ...SUCCESS, layout_type: "half" },
    get_app_visibility: { ...SUCCESS, visible: true },
    request_self_profile: { ...SUCCESS, data: { user_huid: "huid-of-anna", name: "Анна" } },
    client_storage_get: ({ key }) => this.read(String(key)),
    client_storage_set: ({ key, value }) => (this.stored.set(String(key), String(value)), SUCCESS),
    client_storage_remove: ({ key }) =>
      this.stored.delete(String(key)) ? SUCCESS : { status: "error", error_code: "key_not_found" },
  };

  private readonly window = { postMessage: (message: { type: string; payload: Posted }) => void this.hear(message.payload) };

  /** Opens the page inside the messenger; the modules of the page are fresh. */
  constructor(query = "?platform=web&theme=dark&locale=en") {
    vi.resetModules();
    forgetListeners();
    // The bridge does not exist for tests otherwise.
    vi.stubEnv("NODE_ENV", "production");
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    history.replaceState(null, "", `/${query}`);
    Object.defineProperty(window, "parent", { value: this.window, configurable: true });
  }

  /** An event that nobody asked for: Back, a change of the layout, a push. */
  push(type: string, fields: object = {}): void {
    this.post({ data: { type, ...fields } });
  }

  /** Any message, from the messenger's page unless told otherwise. */
  post(data: object, origin = ORIGIN, source: unknown = this.window): void {
    dispatchEvent(new MessageEvent("message", { data, origin, source: source as Window }));
  }

  /** The calls of a method so far. */
  calls(method: string): Posted[] {
    return this.posted.filter((event) => event.method === method);
  }

  private async hear(event: Posted): Promise<void> {
    this.posted.push(event);
    const answer = this.answers[event.method] ?? null;
    const said = typeof answer === "function" ? await answer(event.payload) : await Promise.resolve(answer);
    if (said) this.post({ ref: event.ref, data: { type: "smartapp_rpc", ...said } });
  }

  private read(key: string): Said {
    const value = this.stored.get(key);
    return value === undefined ? { status: "error", error_code: "key_not_found", value: null } : { ...SUCCESS, value };
  }
}

/** The plain window again. */
export function leaveMessenger(): void {
  Object.defineProperty(window, "parent", { value: window, configurable: true });
  history.replaceState(null, "", "/");
  vi.unstubAllEnvs();
}

/** The page's host as `start` chooses it. */
export async function openedHost(facts: { frame_ancestors?: string[]; express_bot_id?: string | null } = {}) {
  const platform = await import("../platform");
  await platform.chooseHost({ frame_ancestors: [ORIGIN], express_bot_id: "bot-id", ...facts });
  return platform.host;
}

export function ok(body: unknown, status = 200): Said {
  return { status: "ok", result: { status, body } };
}

export function refused(status: number, code: string, facts: object = {}): Said {
  const meta = { type: `urn:express-bot:problem:${code}`, title: code, status, code, ...facts };
  return { status: "error", errors: [{ reason: code, id: code.toUpperCase(), meta }] };
}
