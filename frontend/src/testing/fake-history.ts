import { vi } from "vitest";

interface FakeEntry {
  state: unknown;
  hash: string;
}

/** A browser's session history that behaves (happy-dom's does not travel): pushes cut the forward entries, `go` answers
 *  later with `popstate`. */
export class FakeHistory {
  entries: FakeEntry[];
  index = 0;

  constructor(hash = "") {
    this.entries = [{ state: null, hash }];
  }

  get state(): unknown {
    return this.here.state;
  }

  get here(): FakeEntry {
    return this.entries[this.index] as FakeEntry;
  }

  pushState(state: unknown, _title: string, hash: string): void {
    this.entries = [...this.entries.slice(0, this.index + 1), { state: structuredClone(state), hash }];
    this.index += 1;
  }

  replaceState(state: unknown, _title: string, hash: string): void {
    this.entries[this.index] = { state: structuredClone(state), hash };
  }

  back(): void {
    this.go(-1);
  }

  forward(): void {
    this.go(1);
  }

  go(steps: number): void {
    setTimeout(() => {
      const target = this.index + steps;
      if (target < 0 || target >= this.entries.length) return;
      this.index = target;
      dispatchEvent(new PopStateEvent("popstate", { state: this.state }));
    });
  }

  /** The person edits the address or follows a plain `#` link. */
  type(hash: string): void {
    this.pushState(null, "", hash);
    dispatchEvent(new PopStateEvent("popstate", { state: null }));
    dispatchEvent(new Event("hashchange"));
  }

  get paths(): string[] {
    return this.entries.map((entry) => entry.hash);
  }
}

const add = globalThis.addEventListener;
const listening: [string, EventListenerOrEventListenerObject][] = [];

/** A page that was left hears nothing any more. */
export function forgetListeners(): void {
  for (const [type, listener] of listening.splice(0)) for (const capture of [false, true]) removeEventListener(type, listener, capture);
  vi.stubGlobal("addEventListener", (type: string, listener: EventListenerOrEventListenerObject, options?: boolean) => {
    listening.push([type, listener]);
    add(type, listener, options);
  });
}

/** Puts a fresh history and address in the place of the window's. */
export function fakeBrowser(hash = ""): FakeHistory {
  forgetListeners();
  const history = new FakeHistory(hash);
  vi.stubGlobal("history", history);
  vi.stubGlobal("location", {
    get hash() {
      return history.here.hash;
    },
    search: "",
    href: "http://localhost/",
    reload: () => undefined,
  });
  vi.stubGlobal("scrollTo", () => undefined);
  return history;
}
