import { signal } from "@preact/signals";

import { api } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { AnswerValue, Answers, FormField, Me } from "../../api/types";
import { data, invalidate } from "../../app/data";
import { learnUser, user } from "../../app/session";
import { host } from "../../platform";
import { NAME, NUMBER, withAnswer } from "./fields";

/** What is being answered in E1; survives a reload and a failed save (ux.md rule 4). */
export const answers = signal<Answers | null>(null);
/** The server's word on single answers, shown where the answer is given. */
export const refused = signal<Record<string, string>>({});

function place(): string {
  return `profile-draft:${user.peek()?.id ?? ""}`;
}

/** Known facts first, then what the host or the staff list suggests, then what was begun here earlier. */
export async function openAnswers(me: Me): Promise<void> {
  const begun = await host.storage.get<Answers>(place());
  refused.value = {};
  answers.value = { ...(me.suggestion ?? {}), ...me.profile, ...begun };
}

export function answer(fields: FormField[], name: string, value: AnswerValue): void {
  answers.value = withAnswer(fields, answers.peek() ?? {}, name, value);
  const { [name]: _gone, ...rest } = refused.peek();
  refused.value = rest;
  void host.storage.set(place(), answers.value);
}

export async function forgetAnswers(): Promise<void> {
  answers.value = null;
  await host.storage.remove(place());
}

/** Saves the whole profile and forgets what was begun here. */
export async function saveProfile(profile: Answers): Promise<void> {
  await save(profile);
  await forgetAnswers();
}

/** Saves name and number alone; true when the staff list knew all the rest, so that nothing is left to ask. */
export async function saveWhoIAm(): Promise<boolean> {
  const begun = answers.peek() ?? {};
  const me = await save({ [NAME]: begun[NAME] ?? null, [NUMBER]: begun[NUMBER] ?? null });
  if (me.profile_complete) await forgetAnswers();
  else answers.value = { ...begun, ...me.profile };
  return me.profile_complete;
}

/** Tells every screen what is saved; a refusal of single answers goes to `refused` and is thrown on. */
async function save(profile: Answers): Promise<Me> {
  try {
    const me = await api.patchMe({ profile });
    data.me().set(me);
    await learnUser({ ...me.user, profile_complete: me.profile_complete });
    invalidate("info", "form:");
    return me;
  } catch (failure) {
    if (failure instanceof ApiError) refused.value = refusals(failure);
    throw failure;
  }
}

function refusals(failure: ApiError): Record<string, string> {
  if (failure.code === "personnel_number_taken") return { personnel_number: failure.detail };
  return Object.fromEntries(failure.errors.map(({ field, message }) => [field.replace(/^profile\./, ""), message]));
}
