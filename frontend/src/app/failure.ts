import { ApiError } from "../api/errors";
import { formatTime, t } from "../i18n";

/** What an error page says: a title, a sentence, a code to quote, and whether asking again can help. */
export interface Failure {
  title: string;
  text: string;
  code: string;
  retry: boolean;
}

/** Codes of errors that have no HTTP status: they begin with zeros. */
export const CLIENT_ERROR = "EB-0001";
const NO_CONNECTION = "EB-0000";

/** Known failures in human words; the server's own sentence wins where it says something particular. */
export function describe(error: unknown): Failure {
  if (!(error instanceof ApiError)) return client();
  if (error.network) return page("network", NO_CONNECTION, true);
  const code = quotable(error);
  if (error.status === 404) return page("404", code, false);
  if (error.status === 403) return page("403", code, false);
  if (error.status === 503) return { ...page("503", code, true), text: maintenance(error) };
  if (error.status === 0) return client();
  const known = page("500", code, true);
  return error.status < 500 && error.detail ? { ...known, text: error.detail } : known;
}

/** One sentence for a toast or a notice. */
export function sentence(error: unknown): string {
  const { title, text } = describe(error);
  if (error instanceof ApiError && !error.network && error.detail) return error.detail;
  return `${title}. ${text}`;
}

function page(kind: "403" | "404" | "500" | "503" | "network", code: string, retry: boolean): Failure {
  return { title: t(`error.${kind}.title`), text: t(`error.${kind}.text`), code, retry };
}

function client(): Failure {
  return { title: t("error.client.title"), text: t("error.client.text"), code: CLIENT_ERROR, retry: true };
}

/** «EB-0500 · 7F3A91» : the incident number finds the line in the server's log. */
function quotable(error: ApiError): string {
  const code = `EB-${String(error.status).padStart(4, "0")}`;
  const incident = error.extensions.incident;
  return typeof incident === "string" ? `${code} · ${incident}` : code;
}

/** Planned work tells its end (`until`); a plain overload does not. */
function maintenance(error: ApiError): string {
  const until = error.extensions.until;
  return typeof until === "string" ? t("error.503.until", { time: formatTime(until) }) : t("error.503.text");
}
