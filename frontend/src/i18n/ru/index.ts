import { desk } from "./desk";
import { first } from "./first";
import { later } from "./later";

/** All Russian texts. At run time `later` and `desk` come with the screens that need them. */
export const ru = { ...first, ...later, ...desk } as const;
