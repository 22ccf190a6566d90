import { api } from "../api/client";
import type { TelemetryEvent } from "../api/types";
import { host } from "../platform";
import { build } from "./config";
import { route } from "./router";
import { sessionState } from "./session";

/** ux.md G: errors are reported, never a flood of them. */
const MAX_ERRORS = 10;
const MAX_EVENTS = 20;
const SEND_AFTER_MS = 3_000;

let errors = 0;
let waiting: TelemetryEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const seen = new Set<string>();

type Facts = Pick<TelemetryEvent, "kind" | "name"> & Partial<TelemetryEvent>;

export function note(facts: Facts): void {
  if (waiting.length >= MAX_EVENTS) return;
  waiting.push({ ...facts, route: shapeOf(route.peek().path), build, host: host.kind, at: new Date().toISOString() });
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), SEND_AFTER_MS);
}

/** The same error is told once; ten different ones are enough to know that something is broken. */
export function reportError(error: unknown, code: string): void {
  const message = withoutPersonalData(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  if (seen.has(message) || errors >= MAX_ERRORS) return;
  seen.add(message);
  errors += 1;
  note({ kind: "error", name: "client_error", code, message });
}

export function startTelemetry(): void {
  addEventListener("error", ({ error }) => {
    if (error) reportError(error, "EB-0001");
  });
  addEventListener("unhandledrejection", (event) => reportError(event.reason, "EB-0002"));
  addEventListener("pagehide", () => void flush());
}

/** Milliseconds from navigation to the first real content. */
export function noteLoad(): void {
  note({ kind: "load", name: "app_ready", value: Math.round(performance.now()) });
}

async function flush(): Promise<void> {
  clearTimeout(timer);
  if (waiting.length === 0 || sessionState.peek() !== "in") return;
  const events = waiting;
  waiting = [];
  await api.telemetry(events).catch(() => null);
}

/** Numbers of applications are facts about a person: only the shape of the route is told. */
export function shapeOf(path: string): string {
  return path.replace(/\d{4}-\d+/g, ":number").slice(0, 100);
}

function withoutPersonalData(text: string): string {
  return text.replace(/[\p{Script=Cyrillic}]+/gu, "…").replace(/\d{4,}/g, "#").slice(0, 200);
}
