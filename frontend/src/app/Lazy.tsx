import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

import { t } from "../i18n";
import { Skeleton } from "../ui/Skeleton";
import { Page } from "./Page";

interface LazyProps<T> {
  draw: (file: T) => ComponentChildren;
  /** What stands in its place until then; the skeleton of a page unless told otherwise. */
  meanwhile?: ComponentChildren;
}

interface Part<T> {
  /** Draws a screen of the file, or a part of one; a file that an update has removed is thrown to the error boundary. */
  Lazy: (props: LazyProps<T>) => ComponentChildren;
  load: () => Promise<T>;
}

/** Screens that the first load does without: one more file, fetched once. */
function part<T>(fetch: () => Promise<T>): Part<T> {
  let loaded: T | null = null;
  const load = async () => (loaded ??= await fetch());
  function Lazy({ draw, meanwhile }: LazyProps<T>) {
    const [failure, setFailure] = useState<Error | null>(null);
    const [, redraw] = useState(loaded);
    // also when it is there by now: somebody else may have fetched it after this was drawn
    useEffect(() => void load().then((file) => redraw(() => file), setFailure), []);
    if (failure) throw failure;
    if (loaded) return draw(loaded);
    return meanwhile === undefined ? <Loading /> : meanwhile;
  }
  return { Lazy, load };
}

function Loading() {
  return (
    <Page title={t("app.loading")} busy>
      <Skeleton heights={[4, 4, 4]} />
    </Page>
  );
}

/** Screens beyond home and the new application, fetched while the person looks at home. */
export const { Lazy, load: loadLater } = part(() => import("./later"));
/** The desk's, for those who have its right. */
export const { Lazy: LazyDesk } = part(() => import("./desk"));

/** After home is drawn, when nothing else has to be done: a screen opened later, even offline, is there at once. */
export function fetchLaterWhenIdle(): void {
  const fetchIt = () => void loadLater().catch(() => null);
  if ("requestIdleCallback" in window) requestIdleCallback(fetchIt, { timeout: 5_000 });
  else setTimeout(fetchIt, 2_000);
}
