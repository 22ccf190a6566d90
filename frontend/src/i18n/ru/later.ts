import { channels } from "./channels";
import { help } from "./help";
import { profile } from "./profile";
import { statistics } from "./statistics";

/** Texts of the screens of `app/later.ts`, which bring them along. */
export const later = { ...channels, ...help, ...profile, ...statistics } as const;
