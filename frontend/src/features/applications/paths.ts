/** Addresses of the flow; all begin with `/new`, so that leaving it takes them off the stack together. */
export function newPath(form: string, question?: string, then?: "check"): string {
  const query = new URLSearchParams({ form });
  if (question) query.set("q", question);
  if (then) query.set("then", then);
  return `/new?${query.toString()}`;
}

export function checkPath(form: string): string {
  return `/new/check?${new URLSearchParams({ form }).toString()}`;
}
