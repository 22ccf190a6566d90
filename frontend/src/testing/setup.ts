import "fake-indexeddb/auto";

import { learn } from "../i18n";
import { desk } from "../i18n/ru/desk";
import { later } from "../i18n/ru/later";

// A screen that is drawn alone has its texts.
learn(later);
learn(desk);

/** happy-dom has no layout: the questions about it get the answer of a phone. */
if (!("matchMedia" in globalThis)) {
  Object.defineProperty(globalThis, "matchMedia", {
    value: () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }),
  });
}
