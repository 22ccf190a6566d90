import { breakThings } from "../data/store";
import { begin, caption, dwell, isRunning, say, step, STOPPED } from "./director";
import { SCENES } from "./scenes";
import { lastWords } from "./walk";

export { isRunning };

/** Everything in sixty seconds, with real calls. Without anybody to watch it is a test of the whole product. */
export async function startTour({ isWatched = true } = {}): Promise<void> {
  if (isRunning.value) return;
  begin(SCENES.length, isWatched);
  delete document.documentElement.dataset.tour;
  try {
    for (const [index, scene] of SCENES.entries()) {
      step.value = { now: index, of: SCENES.length };
      await dwell(0);
      await scene();
    }
    step.value = { now: SCENES.length, of: SCENES.length };
    finish("passed", "");
  } catch (failure) {
    await mend();
    const why = failure instanceof Error ? failure.message : String(failure);
    finish("failed", why === STOPPED ? why : `${why}${lastWords()}`);
  }
}

/** Outside, a test reads the result from the page itself. */
function finish(result: "passed" | "failed", why: string): void {
  const { dataset } = document.documentElement;
  dataset.tour = result;
  dataset.tourWhy = why;
  isRunning.value = false;
  if (why === STOPPED) caption.value = null;
  else say(result === "passed" ? "tour.passed" : "tour.failed", { why });
}

/** Nothing that the tour has broken stays broken. */
async function mend(): Promise<void> {
  await breakThings({ network: "ok", botx: "ok" }).catch(() => null);
}

