import { createContext } from "preact";

/** True inside the left pane: a `Page` there is an aside with an h2, it owns neither title nor focus. */
export const SideContext = createContext(false);
