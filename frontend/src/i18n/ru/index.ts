import { app } from "./app";
import { errors } from "./errors";
import { form } from "./form";
import { help } from "./help";
import { home } from "./home";
import { profile } from "./profile";

export const ru = { ...app, ...errors, ...form, ...help, ...home, ...profile } as const;
