import { useMemo } from "preact/hooks";

import { Saying } from "./saying";

/** Lives as long as its page: an answer that has arrived stays said there after its question is gone. */
export function useSaying(name: string): Saying {
  return useMemo(() => new Saying(name), [name]);
}
