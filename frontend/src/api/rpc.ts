import type { Call, Reply } from "./carrier";

/** Every operation of the API under its name over a messenger's bridge. */
const NAMES: Readonly<Partial<Record<string, string>>> = {
  "POST session": "auth.session",
  "DELETE session": "session.delete",
  "GET info": "info",
  "GET form": "form",
  "GET periods": "periods",
  "GET me": "me",
  "PATCH me": "me.patch",
  "GET me/notifications": "me.notifications",
  "PATCH me/notifications": "me.notifications.patch",
  "GET periods/:number/reminder": "reminder.read",
  "PUT periods/:number/reminder": "reminder.put",
  "POST submit": "submit",
  "GET applications": "applications.list",
  "GET applications/:number": "applications.read",
  "PATCH applications/:number": "applications.edit",
  "POST applications/:number/withdraw": "applications.withdraw",
  "POST applications/:number/restore": "applications.restore",
  "POST applications/:number/seen": "applications.seen",
  "POST applications/:number/answer": "applications.answer",
  "POST applications/:number/take": "applications.take",
  "POST applications/:number/decline-offer": "applications.decline_offer",
  "POST applications/:number/ask": "applications.ask",
  "GET draft": "draft.read",
  "PUT draft": "draft.save",
  "DELETE draft": "draft.delete",
  "GET links": "links.list",
  "POST link-code": "links.code",
  "POST links": "links.redeem",
  "DELETE links/:provider": "links.remove",
  "POST files": "files.take",
  "GET files/:file_id/info": "files.info",
  "POST files/:file_id/link": "files.link",
  "DELETE files/:file_id": "files.delete",
  "GET statistics": "statistics",
  "POST telemetry": "telemetry",
};

/** What the second part of a path is called where it names one thing; a number unless it stands here. */
const PLACES: Readonly<Partial<Record<string, string>>> = { links: "provider", files: "file_id" };

export interface Rpc {
  method: string;
  params: Record<string, unknown>;
}

/** Members of path and query lie flat in the params, the body under `body`, the key under `client_key`. */
export function rpcOf({ method, path, query, body, key, language, anonymous }: Call): Rpc {
  const whole = NAMES[`${method} ${path}`];
  const [subject = "", which, ...action] = path.split("/");
  const place = whole !== undefined || which === undefined ? undefined : (PLACES[subject] ?? "number");
  const template = place === undefined ? path : [subject, `:${place}`, ...action].join("/");
  const name = whole ?? NAMES[`${method} ${template}`];
  if (!name) throw new Error(`no rpc method for ${method} ${template}`);
  const params: Record<string, unknown> = { ...query, locale: language };
  if (place !== undefined) params[place] = decodeURIComponent(which ?? "");
  if (key !== undefined) params.client_key = key;
  // The messenger itself says who is signing in: nothing that the page could say would prove it.
  if (body !== undefined && !anonymous) params.body = body;
  return { method: name, params };
}

interface RpcError {
  id?: unknown;
  meta?: unknown;
}

/** The server's answer inside the envelope; null when the envelope is not the bot's (the client could not reach it). */
export function replyOf(payload: unknown): Reply | null {
  const { status, result, errors } = (payload ?? {}) as { status?: unknown; result?: unknown; errors?: unknown };
  if (status === "ok") return isReply(result) ? { status: result.status, body: result.body ?? null } : null;
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  return isObject(first) ? refusal(first) : null;
}

/** A "no" carries the whole problem document; an error of the envelope itself becomes one with its id as the code. */
function refusal({ id, meta }: RpcError): Reply {
  const facts = isObject(meta) ? meta : {};
  if (typeof facts.status === "number") return { status: facts.status, body: facts };
  // The envelope takes no such number at all: there is no such application then, as over HTTP.
  if (Array.isArray(facts.location) && facts.location.includes("number")) return { status: 404, body: { code: "not_found" } };
  return { status: 500, body: { ...facts, code: String(id).toLowerCase() } };
}

function isReply(value: unknown): value is Reply {
  return isObject(value) && typeof value.status === "number";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
