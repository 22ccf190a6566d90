/** The browser's history under our own stack (ux.md B8): each entry knows the whole trail that leads to it. */
export interface Entry {
  /** Paths from the first entry of the app to this one. A layer (sheet) repeats the path of its page. */
  trail: string[];
  /** Set on entries that are open sheets or dialogs. */
  layer?: number;
}

type Listener = (entry: Entry) => void;

let listener: Listener = () => undefined;
let arrived: (() => void) | null = null;

export function current(): Entry {
  const state = history.state as Partial<Entry> | null;
  if (state?.trail && state.trail.at(-1) === pathOf(location.hash)) return { ...state, trail: state.trail };
  return { trail: [pathOf(location.hash)] };
}

export function push(entry: Entry): void {
  history.pushState(entry, "", hrefOf(entry));
}

export function replace(entry: Entry): void {
  history.replaceState(entry, "", hrefOf(entry));
}

/** Goes `steps` entries back; resolves once the browser has arrived there. */
export function goBack(steps: number): Promise<void> {
  if (steps <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    arrived = resolve;
    history.go(-steps);
  });
}

export function listen(next: Listener): void {
  listener = next;
  addEventListener("popstate", onPopState);
}

function onPopState(): void {
  // An address typed by hand: it has no trail of ours, the router takes it on `hashchange`.
  if (history.state === null) return;
  const waiting = arrived;
  arrived = null;
  if (waiting) waiting();
  else listener(current());
}

/** `#/r/2027-0142` → `/r/2027-0142`; anything else is home. */
export function pathOf(hash: string): string {
  const path = hash.replace(/^#/, "");
  return path.startsWith("/") ? path : "/";
}

function hrefOf(entry: Entry): string {
  return `#${entry.trail.at(-1) ?? "/"}`;
}
