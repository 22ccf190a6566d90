import { ui } from "./ui";

/** Owned by features/applications: the form, its check, sending, one application, the list. */
export const form = { ...ui } as const;
