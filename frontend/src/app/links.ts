import type { Place } from "../platform";

type Way = (id: string) => string;

const application: Way = (id) => (id ? `/r/${encodeURIComponent(id)}` : "/all");

/** Names of places as links carry them (ux.md B8); what a person may see there is the server's answer, not the link's. */
const WAYS: Readonly<Record<string, Way>> = {
  home: () => "/",
  new: (id) => (id ? `/new?${new URLSearchParams({ d: id }).toString()}` : "/new"),
  draft: (id) => (id ? `/new?${new URLSearchParams({ form: id }).toString()}` : "/new"),
  r: application,
  all: () => "/all",
  me: () => "/me",
  help: () => "/help",
  /** What the desk has in the app so far: its figures. */
  desk: () => "/desk/statistics",
  broken: () => "/broken",
};

/** The one resolver of links: `{to: "r", id: "2027-0142"}`, also written `r/2027-0142`. Links come from outside: a name
 *  that is not ours leads nowhere. */
export function routeOf({ to, id = "" }: Place): string | null {
  const [name = "", inner = id] = to.replace(/^\//, "").split("/");
  return Object.hasOwn(WAYS, name) ? (WAYS[name]?.(inner) ?? null) : null;
}
