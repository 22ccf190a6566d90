import type { Answers, CompiledForm } from "../../api/types";
import { askedFields } from "./fields";

export type Rendering = "compact" | "guided";

export interface RuleFacts {
  form: CompiledForm;
  /** Answers known before the first question: the profile. */
  known: Answers;
  profileComplete: boolean;
  /** This person has never sent anything. */
  firstUse: boolean;
  /** «Упрощённый режим» of the profile. */
  simple: boolean;
  width: number;
}

const MOST_ON_ONE_PAGE = 4;
const NARROWEST_PX = 300;

/** ux B1: one schema, two renderings, chosen by rule. */
export function renderingOf({ form, known, profileComplete, firstUse, simple, width }: RuleFacts): Rendering {
  if (firstUse || simple || width < NARROWEST_PX) return "guided";
  if (!profileComplete && hasProfile(form)) return "guided";
  const own = form.fields.filter((field) => !field.profile);
  if (own.some((field) => field.visible_when !== null)) return "guided";
  const required = askedFields(form, known, false).filter((field) => field.required);
  return required.length > MOST_ON_ONE_PAGE ? "guided" : "compact";
}

/** Facts of the profile take part in this form. */
export function hasProfile(form: CompiledForm): boolean {
  return form.fields.some((field) => field.profile);
}

/** E7 before sending from one page: much to read, or words that a person has to map. */
export function needsCheck(form: CompiledForm, answers: Answers): boolean {
  const own = askedFields(form, answers, false);
  const given = own.filter((field) => answers[field.name] !== undefined);
  const isOwnWords = own.some((field) => isOther(answers[field.name]));
  return given.length > MOST_ON_ONE_PAGE || isOwnWords;
}

function isOther(value: Answers[string] | undefined): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
