import { HomePage } from "../features/home/HomePage";
import { SideContext } from "./side-context";

/** Two panes on a wide screen: the list stays beside the request that is read or changed (ux.md H). */
export function Side() {
  return (
    <SideContext.Provider value={true}>
      <HomePage />
    </SideContext.Provider>
  );
}

export function hasSide(path: string): boolean {
  return path.startsWith("/r/") || path.startsWith("/sent/");
}
