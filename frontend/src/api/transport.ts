import type { Call, Carrier, Method, Reply, RequestOptions } from "./carrier";
import { ApiError, networkError, problemOf } from "./errors";

/** What the session lends to the transport, so that neither imports the other. */
interface Credentials {
  /** Waits while a silent sign-in is under way: the first calls of a visit need no 401 to learn about it. */
  token: () => Promise<string | null>;
  /** Silent sign-in; true when a new token is there and the call is worth repeating. */
  renew: () => Promise<boolean>;
  language: () => string;
}

const TIMEOUT_MS = 20_000;
/** A SmartApp's page lies in this folder of the bot; the API stays where it is. */
const STATIC_FOLDER = /(webhook\/)?smartapp_files\/static\/.*$/;

let credentials: Credentials = { token: () => Promise.resolve(null), renew: () => Promise.resolve(false), language: () => "ru" };
let carrier: Carrier = overHttp;

export function lendCredentials(next: Credentials): void {
  credentials = next;
}

/** A messenger's way to the server, with HTTP behind it. */
export function lendCarrier(next: Carrier): void {
  carrier = next;
}

/** One call to the API: token, language and key in, JSON out; a "no" is thrown as `ApiError`, the same on every way. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}, way = carrier): Promise<T> {
  const { status, body } = await way({ ...options, method, path, language: credentials.language() });
  if (status < 200 || status > 299) throw new ApiError(problemOf(status, body));
  return body as T;
}

/** What a call has to carry that does not go through `request`: the content of a file. */
export async function authorization(): Promise<{ token: string | null; language: string }> {
  return { token: await credentials.token(), language: credentials.language() };
}

export function signInAnew(): Promise<boolean> {
  return credentials.renew();
}

/** Plain HTTP; one silent sign-in when the session has ended. */
export async function overHttp(call: Call): Promise<Reply> {
  const reply = await send(call);
  if (reply.status === 401 && !call.anonymous && (await credentials.renew())) return send(call);
  return reply;
}

async function send(call: Call): Promise<Reply> {
  const token = call.anonymous ? null : await credentials.token();
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(addressOf(call, document.baseURI), init(call, token, abort.signal));
    return { status: response.status, body: present(parse(await response.text()), response.headers.get("X-Present")) };
  } catch {
    throw networkError(abort.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

function init({ method, body, key, language, keepalive = false }: Call, token: string | null, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const content = body === undefined ? null : JSON.stringify(body);
  return { method, headers, body: content, signal, credentials: "omit", keepalive };
}

/** Relative to the page, so that the app also lives under a path prefix. */
export function addressOf({ path, query = {} }: Pick<Call, "path" | "query">, page: string): string {
  const base = new URL(page);
  base.pathname = base.pathname.replace(STATIC_FOLDER, "");
  const address = new URL(`api/${path.startsWith("desk/") ? "" : "smartapp/"}${path}`, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  return address.href;
}

/** An address of the server's own making, for whatever opens it: on this page's origin, under its path. */
export function outsideAddress(url: string): string {
  const [, path] = url.split("/api/smartapp/");
  return path === undefined ? url : addressOf({ path }, document.baseURI);
}

/** What of an answer belongs to the moment of asking: the browser may have kept the rest of it, and told us so by nothing. */
function present(body: unknown, told: string | null): unknown {
  return told === null ? body : { ...(body as object), ...(parse(told) as object) };
}

/** A proxy's page is no JSON: the status alone tells then. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
