/** The bridge's wire format on the web platform (protocol reference §5.2). */

export interface BridgeEvent {
  ref: string;
  type: string;
  method: string;
  handler: "botx" | "express";
  payload: Record<string, unknown>;
  guaranteed_delivery_required?: boolean;
  sync_request?: boolean;
  files?: unknown[];
}

export interface Answer {
  ref?: string;
  data: Record<string, unknown> & { type: string };
  files?: unknown[];
}

const RPC = "smartapp_rpc";

/** What the SmartApp has posted, if it is a call of the bridge. */
export function callOf(data: unknown): BridgeEvent | null {
  if (typeof data !== "object" || data === null) return null;
  const { type, payload } = data as { type?: unknown; payload?: unknown };
  if (type !== "smartapp" || typeof payload !== "object" || payload === null) return null;
  const event = payload as Partial<BridgeEvent>;
  const isCall = typeof event.ref === "string" && typeof event.method === "string" && typeof event.handler === "string";
  return isCall ? { ...(event as BridgeEvent), payload: event.payload ?? {} } : null;
}

/** The client's own answers say "success", the bot's say "ok". */
export function done(fields: object = {}): Answer["data"] {
  return { type: RPC, status: "success", error_code: null, ...fields };
}

export function failed(code: string, fields: object = {}): Answer["data"] {
  return { type: RPC, status: "error", error_code: code, ...fields };
}
