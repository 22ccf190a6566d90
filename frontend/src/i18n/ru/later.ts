import { channels } from "./channels";
import { files } from "./files";
import { help } from "./help";
import { profile } from "./profile";
import { statistics } from "./statistics";
import { talk } from "./talk";

/** Texts of the screens of `app/later.ts`, which bring them along. */
export const later = { ...channels, ...files, ...help, ...profile, ...statistics, ...talk } as const;
