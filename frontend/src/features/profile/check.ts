import type { Answers, CompiledForm, FormField } from "../../api/types";
import { clean, validateField } from "../applications/validation";

/** The form's own rules for one profile answer; null when it may stand. */
export function problemOf(form: CompiledForm, field: FormField, answers: Answers): string | null {
  return validateField(form, clean(form, answers), field.name)?.message ?? null;
}

/** Leaving a field judges only what is written and certainly wrong, never what is still missing (ux.md B4). */
export function isAnswered(answers: Answers, name: string): boolean {
  const value = answers[name];
  return value !== null && value !== undefined && value !== "";
}

/** The send button judges everything by itself; a message that appears under a finger already on its way to it would
 *  move the button away and swallow the press. */
export function afterLeaving(judge: () => void): void {
  setTimeout(() => {
    if (!document.activeElement?.matches("button[type=submit]")) judge();
  });
}
