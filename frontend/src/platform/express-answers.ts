/** A client may never answer, and a call that it does not know it never answers (ux.md 0.3, botx.md 5.6). */
export const SOFT_MS = 3_000;

/** The answer, or undefined when it did not come in time or was no answer. Never throws: the bridge rejects with
 *  `undefined`, and some functions of the SDK return nothing at all. */
export async function soft<T>(asked: Promise<T> | undefined, ms = SOFT_MS): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  try {
    return await Promise.race([asked, limit]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** A fact of an answer. Which spelling comes (`layout_type`, `layoutType`) depends on the moment and on the client. */
export function told(payload: unknown, name: string): unknown {
  if (typeof payload !== "object" || payload === null) return undefined;
  const facts = payload as Record<string, unknown>;
  return facts[name] ?? facts[name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase())];
}

/** Clients say "success", bots say "ok". */
export function isDone(answer: { payload?: unknown } | undefined): boolean {
  const status = told(answer?.payload, "status");
  return status === "success" || status === "ok";
}
