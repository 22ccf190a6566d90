import type { ReadonlySignal } from "@preact/signals";
import { Bridge } from "@expressms/smartapp-sdk";

import type { Call, Carrier } from "../api/carrier";
import { networkError } from "../api/errors";
import { replyOf, rpcOf } from "../api/rpc";
import { SOFT_MS } from "./express-answers";

/** The bot answers within a second or two; after this the other way is quicker than waiting on. */
export const ANSWER_MS = 10_000;
/** The bot fetches a file from the messenger's server before it answers. */
const FETCH_MS = 60_000;

/** Calls of our API over the messenger: the client proves who is calling, so there is no token in them. One that has not
 *  answered so far is not given much time. */
export function overBridge(online: ReadonlySignal<boolean>, silent: ReadonlySignal<boolean>): Carrier {
  return async (call) => {
    const patience = call.files ? FETCH_MS : silent.peek() ? SOFT_MS : ANSWER_MS;
    const answer = await whileOnline(online, ask(rpcOf(call), call.files, patience));
    const reply = replyOf(answer?.payload);
    if (!reply) throw networkError("offline");
    return reply;
  };
}

/** Personal data stays out of the client's log; a promise that timed out rejects with `undefined`. */
async function ask({ method, params }: ReturnType<typeof rpcOf>, files: Call["files"], timeout: number) {
  const masked = { hide_send_event_data: true, hide_recv_event_data: true };
  try {
    return await Bridge?.sendBotEvent({ method, params, timeout, ...(files ? { files: [...files] } : {}), ...masked });
  } catch {
    throw networkError("timeout");
  }
}

/** The messenger lost its own connection: an answer under way will not come any more. */
function whileOnline<T>(online: ReadonlySignal<boolean>, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = online.subscribe((isOnline) => isOnline || reject(networkError("offline")));
    work.then(resolve, reject).finally(() => stop());
  });
}
