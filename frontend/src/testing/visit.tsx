import { cleanup, render } from "@testing-library/preact";
import type { ComponentChildren } from "preact";

import type { Locale } from "../api/types";
import { setOwner } from "../app/data";
import { sessionState, user } from "../app/session";
import { user as person } from "./fixtures";
import { calls, mockApi, type Routes } from "./mock";
import { goodDay } from "./state";

let visits = 0;

/** A screen in front of a person nobody has been before, on the server of a good day changed by `routes`. */
export function visit(screen: ComponentChildren, routes: Routes = {}, locale: Locale = "ru") {
  cleanup();
  calls.length = 0;
  mockApi({ ...goodDay(locale), ...routes });
  visits += 1;
  const known = person(locale, { id: `visitor-${String(visits)}` });
  setOwner(known.id);
  user.value = known;
  sessionState.value = "in";
  return render(<>{screen}</>);
}
