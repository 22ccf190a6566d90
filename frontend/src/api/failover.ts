import type { Carrier } from "./carrier";
import { ApiError, networkError } from "./errors";

/** A way that gave no answer is left alone so long, as long as there is the other one. */
const REST_MS = 30_000;

/**
 * Two ways to one server. The second is taken only after the first has given up, with the same key, so that a call that
 * arrived without its answer is not carried out twice; after a rest the first is asked first again. While the device is
 * offline nothing is tried, and silence is nobody's fault.
 */
export function inTurn(first: Carrier, second: Carrier, isOnline: () => boolean): Carrier {
  const failedAt = new Map<Carrier, number>();
  const isRested = (way: Carrier) => Date.now() - (failedAt.get(way) ?? -Infinity) >= REST_MS;
  return async (call) => {
    if (!isOnline()) throw networkError("offline");
    const [best, other] = isRested(first) || !isRested(second) ? [first, second] : [second, first];
    const attempt = async (way: Carrier) => {
      try {
        const reply = await way(call);
        failedAt.delete(way);
        return reply;
      } catch (failure) {
        if (isSilence(failure) && isOnline()) failedAt.set(way, Date.now());
        throw failure;
      }
    };
    // Only the first way knows who is calling, and has the messenger's files; and what nobody waits for need not arrive at any price.
    if (call.anonymous || call.files) return attempt(first);
    if (call.keepalive) return attempt(best);
    try {
      return await attempt(best);
    } catch (failure) {
      if (!isSilence(failure) || !isOnline()) throw failure;
      return attempt(other);
    }
  };
}

function isSilence(failure: unknown): boolean {
  return failure instanceof ApiError && failure.network;
}
