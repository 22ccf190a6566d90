import type { QuestionsAnswer } from "../../../api/types";
import type { Mark } from "../../../ui/charts/model";
import { panelsOf, type Name, type Panel } from "./plots";

/** One question's charts with the figures of the time before beside its own, where the answer has them. */
export function shownOf(name: Name, answer: QuestionsAnswer, zone?: string): Panel[] {
  const { previous } = answer;
  const panels = panelsOf(name, answer, zone);
  if (!previous || !(name in previous.questions)) return panels;
  const past = { ...answer, period: previous.period, questions: { ...answer.questions, ...previous.questions }, previous: { ...previous, questions: answer.questions } };
  return panelsOf(name, past, zone).map((before, place) => beside(panels[place] ?? before, before, previous.period.title));
}

/** Things by name meet their namesakes; days and hours meet those that stand in the same place of their time. */
function beside(now: Panel, before: Panel, title: string): Panel {
  const { byName = false } = now;
  const idOf = (mark: Mark, place: number) => (byName ? mark.key : String(place));
  const past = new Map(before.plot.marks.map((mark, place) => [idOf(mark, place), mark]));
  const marks = now.plot.marks.map((mark, place) => {
    const twin = past.get(idOf(mark, place));
    past.delete(idOf(mark, place));
    return { ...mark, before: twin?.values ?? nothing(mark, byName) };
  });
  const gone = [...past.values()].map((mark) => ({ ...mark, href: undefined, values: nothing(mark, byName), before: mark.values }));
  return { ...now, plot: { ...now.plot, before: title, marks: [...marks, ...gone] } };
}

/** Who is not named has none; a day that this time does not have is not known. */
function nothing({ values }: Mark, byName: boolean): (number | null)[] {
  return values.map(() => (byName ? 0 : null));
}
