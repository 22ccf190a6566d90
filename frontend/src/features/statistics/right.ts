import { user } from "../../app/session";

/** Who is shown the way to everybody's figures; whether they get them is the server's answer. */
export function mayReadAll(): boolean {
  return (user.value?.roles ?? []).some((role) => role === "dispatcher" || role === "admin");
}
