import { createDeeplink } from "@expressms/smartapp-sdk";

import { soft, told } from "./express-answers";
import type { Place } from "./host";

/** A deep link, a push, a button of another SmartApp: whoever opened the app, what counts is the place it names. */
export function placeOf(ready: unknown): Place | null {
  const metas = [told(told(ready, "initial_data"), "meta"), told(ready, "open_smart_app_meta")];
  for (const meta of metas) {
    const facts = Array.isArray(meta) ? fromPairs(meta) : meta;
    const to = told(facts, "to");
    if (typeof to === "string") return { to, id: textOf(told(facts, "id")) };
  }
  return null;
}

/** The link that `createDeeplink` of the client makes; null when it makes none. */
export async function linkTo(appId: string, { to, id }: Place): Promise<string | null> {
  const meta = [{ key: "to", value: to }, ...(id === undefined ? [] : [{ key: "id", value: id }])];
  const answer = await soft(createDeeplink(appId, meta));
  const link = told(told(answer?.payload, "data"), "deeplink");
  return typeof link === "string" ? link : null;
}

/** The same list of pairs that `createDeeplink` takes. */
function fromPairs(pairs: unknown[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map((pair) => [String(told(pair, "key")), told(pair, "value")]));
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
