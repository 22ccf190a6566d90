import "fake-indexeddb/auto";

/** happy-dom has no layout: the questions about it get the answer of a phone. */
if (!("matchMedia" in globalThis)) {
  Object.defineProperty(globalThis, "matchMedia", {
    value: () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }),
  });
}
