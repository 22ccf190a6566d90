import { ApiError } from "../../api/errors";
import { HOUSE_ZONE, now } from "../../app/clock";
import { describe } from "../../app/failure";
import { dayIn, formatDeadline, formatTime, t } from "../../i18n";
import type { Refusal } from "./drafts";

/** A failed call as a plain fact that can be kept with a draft. */
export function refusalOf(failure: unknown, timezone?: string | null): Refusal {
  if (!(failure instanceof ApiError)) return { code: "client_error", detail: "", errors: [], extensions: {} };
  const { code, detail, errors, extensions } = failure;
  return { code, detail: detail || describe(failure).text, errors, extensions: { timezone, ...extensions } };
}

/** What the person reads: our own words where ux.md has them, the server's sentence elsewhere. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.code) {
    case "period_closed":
      return closedText(refusal.extensions);
    case "limit_reached":
      return limitText(refusal.extensions);
    case "idempotency_key_reused":
      return t("form.refused.reused");
    case "invalid_answers":
      return refusal.errors[0]?.message ?? refusal.detail;
    default:
      return refusal.detail || t("form.refused.other");
  }
}

/** «Приём закрылся в 18:00, пока вы заполняли»; with the day when it was not today. */
function closedText({ closes_at: closes, timezone }: Record<string, unknown>): string {
  if (typeof closes !== "string") return t("form.refused.closed");
  const zone = typeof timezone === "string" ? timezone : HOUSE_ZONE;
  const isToday = dayIn(new Date(closes), zone) === dayIn(now(), zone);
  if (isToday) return t("form.refused.closedAt", { time: formatTime(closes, zone) });
  return t("form.refused.closedOn", { deadline: formatDeadline(closes, zone) });
}

function limitText({ limit, month }: Record<string, unknown>): string {
  if (typeof limit !== "number" || typeof month !== "string") return t("form.refused.limit");
  return t("form.refused.limitOf", { count: limit, month });
}

/** The application that stands in the way, where the server named it. */
export function numberOf(refusal: Refusal): string | null {
  const { number } = refusal.extensions;
  return typeof number === "string" ? number : null;
}
