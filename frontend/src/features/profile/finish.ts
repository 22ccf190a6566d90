import type { FormSummary } from "../../api/types";
import { api } from "../../api/client";
import { now } from "../../app/clock";
import { data } from "../../app/data";
import { leaveFlow } from "../../app/router";
import { newPath } from "../applications/paths";
import { periodState } from "../home/period";

/** E1 ends in E3 if something may be filed right now, else at home. Back never returns into the questions. */
export async function finishFirstTime(): Promise<void> {
  const open = await firstOpenForm();
  await leaveFlow(open ? newPath(open.id) : "/", "/profile");
}

async function firstOpenForm(): Promise<FormSummary | null> {
  for (const form of data.info().data.peek()?.forms ?? []) {
    if (!form.has_period) continue;
    const { periods } = data.periods(form.id).data.peek() ?? (await api.periods(form.id).catch(() => ({ periods: [] })));
    if (periodState(periods, now()).kind === "open") return form;
  }
  return null;
}
