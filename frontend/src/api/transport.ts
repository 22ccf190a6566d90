import { ApiError, networkError, problemOf } from "./errors";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  /** Idempotency key: the same key may be sent again after a lost answer, nothing happens twice. */
  key?: string;
  /** Signing in itself: sends no token and never asks for a new one. */
  anonymous?: boolean;
  keepalive?: boolean;
}

/** What the session lends to the transport, so that neither imports the other. */
interface Credentials {
  /** Waits while a silent sign-in is under way: the first calls of a visit need no 401 to learn about it. */
  token: () => Promise<string | null>;
  /** Silent sign-in; true when a new token is there and the call is worth repeating. */
  renew: () => Promise<boolean>;
  language: () => string;
  /** Server and page may be of different builds after an update. */
  onResponse?: (response: Response) => void;
}

const TIMEOUT_MS = 20_000;
let credentials: Credentials = { token: () => Promise.resolve(null), renew: () => Promise.resolve(false), language: () => "ru" };

export function lendCredentials(next: Credentials): void {
  credentials = next;
}

/** One call to the API: token, language and key in, JSON out; one silent sign-in when the session has ended. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 401 && !options.anonymous && (await credentials.renew())) {
    return read<T>(await send(method, path, options));
  }
  return read<T>(response);
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const token = options.anonymous ? null : await credentials.token();
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(url(path, options.query), init(method, options, token, abort.signal));
    credentials.onResponse?.(response);
    return response;
  } catch {
    throw networkError(abort.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

function init(method: Method, options: RequestOptions, token: string | null, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": credentials.language() };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (options.key) headers["Idempotency-Key"] = options.key;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  return { method, headers, body, signal, credentials: "omit", keepalive: options.keepalive ?? false };
}

/** Relative to the page, so that the app also lives under a path prefix. */
function url(path: string, query: RequestOptions["query"] = {}): string {
  const address = new URL(`api/smartapp/${path}`, document.baseURI);
  address.hash = "";
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  return address.href;
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return null as T;
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(problemOf(response.status, body));
  return body as T;
}
