/**
 * Drops messages of strangers before the bridge hears them: its own listener looks neither at the origin nor at the
 * sender (trust A9). Only the frame's parent may speak, and only from an origin that may frame the page at all. Native
 * clients call functions instead of sending messages, so nothing of theirs comes by here.
 */
export function guardMessages(ancestors: readonly string[]): void {
  const listen = (event: MessageEvent) => {
    const isHost = event.source === window.parent && ancestors.some((each) => covers(each, event.origin));
    if (!isHost) event.stopImmediatePropagation();
  };
  window.addEventListener("message", listen, true);
}

/** `https://web.example`, `web.example`, `https://*.example` or `'self'`, as in the policy's `frame-ancestors`. */
export function covers(source: string, origin: string): boolean {
  if (source === "'self'") return origin === location.origin;
  const whole = source.includes("://") ? source : `${location.protocol}//${source}`;
  const pattern = whole.replace(/\/+$/, "").replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace("://*\\.", "://(?:[\\w-]+\\.)+");
  return new RegExp(`^${pattern}$`, "i").test(origin);
}
