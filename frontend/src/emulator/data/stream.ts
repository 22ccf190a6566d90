import { apply, loadAfresh, openChat, phase } from "./store";
import type { FeedEvent } from "./types";

type Listener = (event: FeedEvent) => void;

const listeners = new Set<Listener>();
const RETRY_MS = 1_500;

/** Hears every event after the page's own state has taken it in. Returns a stop function. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The state, then events for ever; a messenger that was restarted is met anew. */
export async function connect(): Promise<void> {
  try {
    const seq = await loadAfresh();
    follow(seq);
    await openChat();
  } catch {
    phase.value = "away";
    setTimeout(() => void connect(), RETRY_MS);
  }
}

/** The browser resumes a broken stream by itself, with the number of the last event it has seen. */
function follow(seq: number): void {
  const source = new EventSource(`/emulator/events?after=${String(seq)}`);
  source.onopen = () => (phase.value = "ready");
  source.onmessage = ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as FeedEvent);
  source.onerror = () => (phase.value = "away");
  source.addEventListener("gap", () => {
    source.close();
    void connect();
  });
}

export function hear(event: FeedEvent): void {
  apply(event);
  for (const listener of listeners) listener(event);
}
