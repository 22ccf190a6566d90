import { first } from "./first";
import { later } from "./later";

/** All Russian texts. At run time `later` comes with the screens that need it. */
export const ru = { ...first, ...later } as const;
