import type { Catalog } from "..";
import { app } from "./app";
import { channels } from "./channels";
import { desk } from "./desk";
import { errors } from "./errors";
import { files } from "./files";
import { form } from "./form";
import { help } from "./help";
import { home } from "./home";
import { profile } from "./profile";
import { statistics } from "./statistics";
import { talk } from "./talk";

export const en: Catalog = { ...app, ...channels, ...desk, ...errors, ...files, ...form, ...help, ...home, ...profile, ...statistics, ...talk };
