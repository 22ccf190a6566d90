import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

import { t } from "../i18n";
import { Skeleton } from "../ui/Skeleton";
import { Page } from "./Page";

type Later = typeof import("./later");

let loaded: Later | null = null;

/** Screens beyond home and the new application: one more file, fetched while the person looks at home. */
export async function loadLater(): Promise<Later> {
  loaded ??= await import("./later");
  return loaded;
}

interface LazyProps {
  draw: (later: Later) => ComponentChildren;
  /** What stands in its place until then; the skeleton of a page unless told otherwise. */
  meanwhile?: ComponentChildren;
}

/** Draws a screen, or a part of one, of that file; a file that an update has removed is thrown to the error boundary. */
export function Lazy({ draw, meanwhile }: LazyProps) {
  const [failure, setFailure] = useState<Error | null>(null);
  const [, redraw] = useState(loaded);
  useEffect(() => {
    if (!loaded) loadLater().then(redraw, setFailure);
  }, []);
  if (failure) throw failure;
  if (loaded) return <>{draw(loaded)}</>;
  if (meanwhile !== undefined) return <>{meanwhile}</>;
  return (
    <Page title={t("app.loading")} busy>
      <Skeleton heights={[4, 4, 4]} />
    </Page>
  );
}

/** After home is drawn, when nothing else has to be done: a screen opened later, even offline, is there at once. */
export function fetchLaterWhenIdle(): void {
  const fetchIt = () => void loadLater().catch(() => null);
  if ("requestIdleCallback" in window) requestIdleCallback(fetchIt, { timeout: 5_000 });
  else setTimeout(fetchIt, 2_000);
}
