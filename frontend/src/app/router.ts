import { computed, signal } from "@preact/signals";
import { h, type ComponentChildren } from "preact";

import { host } from "../platform";
import * as stack from "./history";

export interface Route {
  /** Path without the query: `/r/2027-0142`. */
  path: string;
  query: URLSearchParams;
}

const entry = signal<stack.Entry>({ trail: ["/"] });
const layers = new Map<number, () => void>();
let nextLayer = 1;

/** How the person came to the current route; pages move focus to their h1 on anything but a load. */
export const arrival = signal<"load" | "push" | "pop">("load");
export const route = computed<Route>(() => parse(entry.value.trail.at(-1) ?? "/"));
/** True on the bottom of the stack, where the host's Back leaves the app. */
export const isRoot = computed(() => entry.value.trail.length === 1);

/** The current route; a component that reads it is drawn again when it changes. */
export function useRoute(): Route {
  return route.value;
}

/** Opens the first route. A deep link gets home under it, so that Back never leaves the app by surprise. */
export function startRouter(launchPath: string | null = null): void {
  const fresh = history.state === null;
  const target = launchPath && fresh ? launchPath : stack.pathOf(location.hash);
  if (fresh && target !== "/") {
    stack.replace({ trail: ["/"] });
    stack.push({ trail: ["/", target] });
  } else {
    stack.replace({ trail: stack.current().trail });
  }
  stack.listen(onPop);
  addEventListener("hashchange", onTypedAddress);
  host.onBack((to) => (to === "root" ? goHome() : isRoot.peek() ? host.close() : back()));
  show(stack.current(), "load");
}

/** Opens a path on top of the current one; `replace` takes the current one's place, `quiet` leaves the focus where it is. */
export function navigate(path: string, options: { replace?: boolean; quiet?: boolean } = {}): void {
  if (path === "/") return goHome();
  const trail = options.replace ? entry.value.trail.slice(0, -1) : entry.value.trail;
  const next = { trail: [...trail, path] };
  if (options.replace) stack.replace(next);
  else stack.push(next);
  show(next, options.quiet ? "load" : "push");
}

/** One entry back; from the bottom of the stack, home. */
export function back(): void {
  if (entry.value.trail.length > 1) stack.stepBack();
  else if (route.value.path !== "/") goHome();
}

/** Home is the bottom of the stack, from wherever one comes to it. */
export function goHome(): void {
  void leaveFlow("/", "/");
}

/** Leaves a finished flow: its entries (paths that begin with `flow`) go, `path` comes on top of what was below.
 *  After sending, Back must never show the filled form again (ux.md B8). */
export async function leaveFlow(path: string, flow: string): Promise<void> {
  const trail = entry.value.trail;
  let keep = trail.length;
  while (keep > 0 && trail[keep - 1]?.startsWith(flow)) keep -= 1;
  dropLayers();
  await stack.goBack(trail.length - Math.max(keep, 1));
  // Nothing of ours is below: home becomes the bottom, so that Back still has somewhere to go.
  const below = keep > 0 ? trail.slice(0, keep) : ["/"];
  if (keep === 0) stack.replace({ trail: below });
  if (below.at(-1) === path) return show({ trail: below }, "pop");
  stack.push({ trail: [...below, path] });
  show({ trail: [...below, path] }, "push");
}

/** A sheet or dialog as an entry of the stack: Back closes it. Returns the function that closes it from inside. */
export function openLayer(onClose: () => void): () => void {
  const id = nextLayer++;
  layers.set(id, onClose);
  const path = entry.value.trail.at(-1) ?? "/";
  const next = { trail: [...entry.value.trail, path], layer: id };
  stack.push(next);
  entry.value = next;
  host.routeChanged(false);
  return () => {
    if (layers.has(id) && entry.value.layer === id) stack.stepBack();
  };
}

export function href(path: string): string {
  return `#${path}`;
}

interface LinkProps {
  href: string;
  class?: string | undefined;
  replace?: boolean;
  children: ComponentChildren;
  "aria-current"?: "page" | undefined;
  "aria-label"?: string | undefined;
  "aria-labelledby"?: string | undefined;
  id?: string | undefined;
}

/** A real link (opens in a new tab, shows its address) that walks our stack on a plain click. */
export function Link({ href: path, replace, children, ...rest }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(path, { replace: replace ?? false });
  };
  return h("a", { ...rest, href: href(path), onClick }, children);
}

/** `r/:number/edit` against a path: the parameters, or null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.split("/");
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [index, piece] of want.entries()) {
    const value = have[index] ?? "";
    if (!piece.startsWith(":")) {
      if (piece !== value) return null;
    } else if (value === "") return null;
    else params[piece.slice(1)] = decode(value);
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function parse(path: string): Route {
  const [name = "/", query = ""] = path.split("?");
  return { path: name, query: new URLSearchParams(query) };
}

function onPop(next: stack.Entry): void {
  for (const id of [...layers.keys()].reverse()) if (id > (next.layer ?? 0)) closeLayer(id);
  show(next, "pop");
}

/** The address was edited by hand or by a plain `<a href="#…">`: the entry has no trail of ours yet. */
function onTypedAddress(): void {
  if (history.state !== null) return;
  if (location.hash && !location.hash.startsWith("#/")) return stack.replace(entry.value);
  const path = stack.pathOf(location.hash);
  const next = { trail: [...entry.value.trail, path] };
  stack.replace(next);
  show(next, "push");
}

function closeLayer(id: number): void {
  const onClose = layers.get(id);
  layers.delete(id);
  onClose?.();
}

function dropLayers(): void {
  for (const id of [...layers.keys()].reverse()) closeLayer(id);
}

function show(next: stack.Entry, how: "load" | "push" | "pop"): void {
  arrival.value = how;
  entry.value = next;
  host.routeChanged(next.trail.length === 1);
}
