import { computed, signal } from "@preact/signals";

import { onEvent } from "../data/stream";
import type { FeedEvent, HouseEvent, TrailEvent, WireEvent } from "../data/types";
import { locale, maybe, t } from "../i18n";
import { crossings } from "../phone/phone";
import type { Crossing } from "../phone/bridge";
import { trailLine } from "./trail";

export type Kind = "chat" | "bot" | "app" | "core" | "queue" | "house";
type Told = WireEvent | TrailEvent | HouseEvent;

/** One line of the inspector. */
export interface Line {
  id: string;
  at: string;
  kind: Kind;
  title: string;
  detail: string;
  bad: boolean;
  payload: unknown;
  curl: { method: string; path: string; request: unknown; to: "bot" | "botx" } | null;
}

const KEPT = 300;
const heard = signal<Told[]>([]);

/** Which kinds are shown; all of them at first. */
export const shownKinds = signal<ReadonlySet<Kind>>(new Set(["chat", "bot", "app", "core", "queue", "house"]));

export const lines = computed(() => {
  const all = [...heard.value.map(lineOf), ...crossings.value.map(crossingLine)];
  return all
    .filter(({ kind }) => shownKinds.value.has(kind))
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, KEPT);
});

export function startInspector(known: (WireEvent | TrailEvent)[]): void {
  heard.value = known;
  onEvent(hear);
}

function hear(event: FeedEvent): void {
  if (event.topic === "house" && event.kind === "reset") heard.value = [];
  else if (event.topic === "wire" || event.topic === "trail" || event.topic === "house") heard.value = [...heard.value, event].slice(-KEPT);
}

function lineOf(event: Told): Line {
  if (event.topic === "trail") return trailLine(event);
  return event.topic === "wire" ? wireLine(event) : houseLine(event);
}

function wireLine(event: WireEvent): Line {
  const { seq, at, kind, path = "", method = "", status, ms, fault, request, response } = event;
  const isBad = Boolean(fault) || status === null || (status ?? 0) >= 400;
  const result = status === null ? t("line.noAnswer") : status === undefined ? "" : `${String(status)}, ${t("line.ms", { ms: (ms ?? 0).toLocaleString(locale.value) })}`;
  const broken = fault ? t("line.fault", { fault }) : "";
  const toApp = kind === "app_lost" || path.includes("/smartapps/") || bodyOf(request) === "system:smartapp_event";
  return {
    id: `w${seq}`,
    at,
    kind: toApp ? "app" : kind === "bot" ? "chat" : "bot",
    title: titleOf(event),
    detail: [path ? `${method} ${path}` : "", result, broken].filter(Boolean).join(" · "),
    bad: isBad,
    payload: { request, response },
    curl: path ? { method, path, request, to: kind === "bot" ? "bot" : "botx" } : null,
  };
}

/** Person → bot events are told by what they carry, the bot's calls by their last words. */
function titleOf({ kind, path = "", request }: WireEvent): string {
  if (kind === "app_lost") return t("line.app_lost");
  if (kind === "botx") return maybe(`line.botx.${path.split("/").slice(-2).join(".")}`) ?? maybe(`line.botx.${path.split("/").at(-1) ?? ""}`) ?? t("line.botx");
  if (path !== "/command") return maybe(`line.bot.${path.split("/").at(-1) ?? ""}`) ?? path;
  const body = bodyOf(request);
  if (body.startsWith("system:")) return maybe(`line.${body.replace(":", ".")}`) ?? t("line.system", { event: body.slice(7) });
  return isPress(request) ? t("line.press") : t("line.message", { text: body.slice(0, 40) });
}

function bodyOf(request: unknown): string {
  const command = (request as { command?: { body?: unknown } } | null)?.command;
  return typeof command?.body === "string" ? command.body : "";
}

function isPress(request: unknown): boolean {
  return Boolean((request as { source_sync_id?: unknown } | null)?.source_sync_id);
}

function houseLine({ seq, at, kind, text, now, faults, to }: HouseEvent): Line {
  const broken = kind === "faults" ? JSON.stringify(faults) : "";
  const detail = text ?? now ?? broken;
  return { id: `h${seq}`, at, kind: "house", title: t(`line.house.${kind}`), detail: to && to !== "now" ? detail : (text ?? now ?? ""), bad: false, payload: faults ?? null, curl: null };
}

function crossingLine({ at, way, method, handler, payload, lost }: Crossing, index: number): Line {
  const title = t(way === "out" ? "line.fromApp" : "line.toApp", { method });
  const detail = [t(`line.handler.${handler}`), lost ? t(`line.lost.${lost}`) : ""].filter(Boolean).join(" · ");
  return { id: `c${index}${at}`, at, kind: "app", title, detail, bad: lost !== undefined, payload, curl: null };
}
