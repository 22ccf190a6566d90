import { app } from "./app";
import { errors } from "./errors";
import { form } from "./form";
import { home } from "./home";

/** Texts of the first load: home, the new application, and what goes wrong. */
export const first = { ...app, ...errors, ...form, ...home } as const;
