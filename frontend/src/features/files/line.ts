import { host } from "../../platform";

/** Two at a time (ux B5): more would only make each of them slower. */
const AT_ONCE = 2;

const line: (() => Promise<void>)[] = [];
let running = 0;

/** Takes its turn; `work` never throws. */
export function inLine(work: () => Promise<void>): void {
  line.push(work);
  next();
}

function next(): void {
  if (running >= AT_ONCE) return;
  const work = line.shift();
  if (!work) return;
  running += 1;
  void work().finally(() => {
    running -= 1;
    next();
  });
}

/** Resolves after a while and when the device is online, or at once when it is not worth waiting any more. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => void whenOnline(signal).then(done), ms);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Without a network nothing is tried. */
export function whenOnline(signal: AbortSignal): Promise<void> {
  if (host.online.peek() || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = host.online.subscribe((online) => {
      if (!online) return;
      resolve();
      queueMicrotask(() => stop());
    });
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
