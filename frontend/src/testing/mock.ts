import type { Problem } from "../api/types";

export interface MockRequest {
  method: string;
  /** After `/api/smartapp/` (or `/api/`: «desk/…»), without the query. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

/** An answer: JSON for 200, a `Response`, a function of the request, or one of the two ways to get none. */
export type Answer = unknown;
export type Routes = Record<string, Answer>;

/** The network is gone: `fetch` fails as it does in a browser. */
export const NO_NETWORK = Symbol("no network");
/** The server never answers. */
export const NEVER = Symbol("never");

/** A problem document with this status and code. */
export function problem(status: number, code: string, facts: Partial<Problem> = {}): Response {
  const body = { type: `urn:express-bot:problem:${code}`, title: code, status, code, ...facts };
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });
}

export function created(body: unknown): Response {
  return new Response(JSON.stringify(body), { status: 201, headers: { "Content-Type": "application/json" } });
}

/** Calls that were made, for tests to look at. */
export const calls: MockRequest[] = [];

/** Puts our API in the place of the network. Keys are «GET info», «GET applications/:any», «POST submit»… */
export function mockApi(routes: Routes): void {
  globalThis.fetch = (input, init) => answer(routes, new URL(input instanceof Request ? input.url : input, location.href), init ?? {});
}

function generalized(path: string): string {
  return path.replace(/^applications\/[^/]+/, "applications/:number").replace(/^(files|uploads)\/[^/]+/, "$1/:id");
}

async function answer(routes: Routes, url: URL, init: RequestInit): Promise<Response> {
  const [, path = ""] = url.pathname.split(/\/api\/(?:smartapp\/)?/);
  const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
  const method = init.method ?? "GET";
  const request = { method, path, query: url.searchParams, body, headers: new Headers(init.headers) };
  calls.push(request);
  const found = routes[`${method} ${path}`] ?? routes[`${method} ${generalized(path)}`];
  const value: unknown = typeof found === "function" ? await (found as (request: MockRequest) => unknown)(request) : found;
  if (value === NO_NETWORK) throw new TypeError("Failed to fetch");
  if (value === NEVER) return new Promise(() => undefined);
  if (value === undefined) return problem(404, "not_found", { title: `no mock for ${method} ${path}` });
  if (value instanceof Response) return value.clone();
  if (value === null) return new Response(null, { status: 204 });
  return new Response(JSON.stringify(value), { status: 200, headers: { "Content-Type": "application/json" } });
}
