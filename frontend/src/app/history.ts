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
let steppingUntil = 0;
/** The browser arrives much sooner; after this a step is given up, so that Back never stays dead. */
const STEP_MS = 500;

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

/** One entry back. A second press before the browser has arrived would leave the app: in a frame, the messenger's page. */
export function stepBack(): void {
  if (Date.now() < steppingUntil) return;
  steppingUntil = Date.now() + STEP_MS;
  history.back();
}

export function listen(next: Listener): void {
  listener = next;
  addEventListener("popstate", onPopState);
}

function onPopState(): void {
  // An address typed by hand: it has no trail of ours, the router takes it on `hashchange`.
  if (history.state === null) return;
  steppingUntil = 0;
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
