import type { TrailEvent, TrailLine } from "../data/types";
import { locale, maybe, t } from "../i18n";
import type { Line } from "./lines";

/** What core and queue have done, each with the moment it was done at: it is heard of a little later. */
export function trailLine({ line }: TrailEvent): Line {
  const { id, at, kind } = line;
  const isBad = (line.status ?? 0) >= 500 || line.name === "dead";
  const told = kind === "core" ? coreWords(line) : queueWords(line);
  return { id, at, kind, ...told, bad: isBad, payload: line, curl: null };
}

function coreWords({ name, method, rule, status, ms }: TrailLine) {
  const title = t("line.core", { what: maybe(`line.core.${name}`) ?? name });
  return { title, detail: `${method ?? ""} ${rule ?? ""} · ${String(status ?? "")}, ${inMs(ms)}` };
}

function queueWords({ name, event, number, channel, reason, ms }: TrailLine) {
  const title = t("line.queue", { what: maybe(`line.queue.${name}`) ?? name });
  const words = [maybe(`event.${event ?? ""}`) ?? event, number, channel, reason].filter(Boolean).join(", ");
  return { title, detail: `${words} · ${t("line.after", { time: inMs(ms) })}` };
}

function inMs(ms: number): string {
  return t("line.ms", { ms: ms.toLocaleString(locale.value) });
}
