export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  /** Idempotency key: the same key may be sent again after a lost answer, nothing happens twice. */
  key?: string;
  /** Signing in itself: sends no token and never asks for a new one. */
  anonymous?: boolean;
  /** What the messenger has for our server: no other way can carry it. */
  files?: readonly unknown[];
  /** May outlive the page; nobody waits for its answer, so it is sent one way only. */
  keepalive?: boolean;
}

/** One call of the API, whichever way it travels. */
export interface Call extends RequestOptions {
  method: Method;
  /** After `/api/smartapp/`, or `desk/…` for what lies under `/api/desk/`; without the query. */
  path: string;
  language: string;
}

export interface Reply {
  status: number;
  body: unknown;
}

/** One way to the server. Throws `ApiError` with `network` when no answer came; a "no" is an answer. */
export type Carrier = (call: Call) => Promise<Reply>;
