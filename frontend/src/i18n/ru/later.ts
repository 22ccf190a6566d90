import { channels } from "./channels";
import { help } from "./help";
import { profile } from "./profile";

/** Texts of the screens of `app/later.ts`, which bring them along. */
export const later = { ...channels, ...help, ...profile } as const;
