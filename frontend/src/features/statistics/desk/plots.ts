import type { Questions, QuestionsAnswer } from "../../../api/types";
import { formatDay, formatDayShort, formatTime, t } from "../../../i18n";
import type { Draw } from "../../../ui/charts/Chart";
import { ranked, shares, spread } from "../../../ui/charts/byName";
import type { Mark, Plot, Series } from "../../../ui/charts/model";
import { overTime } from "../../../ui/charts/overTime";
import { ASKED, basisOf, GIVEN, rowsPath } from "./rows";

export type Name = keyof Questions;
/** One chart of a question, with a heading of its own where there are several. */
export interface Panel {
  title?: string;
  plot: Plot;
  draw: Draw;
  /** Its marks have names that another time has too, not places in a time. */
  byName?: boolean;
}

/** The questions of B10 as they lie on the page: what is read beside a long list follows it. */
export const NAMES: Name[] = ["demand", "directions", "progress", "durations", "filing", "fairness", "channels", "health"];

/** More columns than this would be too narrow: the last one is «so many and more». */
const MOST_APPROVALS = 8;

/** What the answer says about one question, ready to be drawn and printed. */
export function panelsOf(name: Name, answer: QuestionsAnswer, zone?: string): Panel[] {
  const { questions } = answer;
  switch (name) {
    case "demand":
      return [demand(questions.demand, answer)];
    case "directions":
      return [directions(questions.directions, answer)];
    case "progress":
      return [progress(questions.progress)];
    case "filing":
      return [filedByDay(questions.filing, answer), filedByHour(questions.filing, zone)];
    case "fairness":
      return [fairness(questions.fairness, answer)];
    case "durations":
      return [durations(questions.durations)];
    case "channels":
      return [channels(questions.channels, answer)];
    case "health":
      return [health(questions.health, zone)];
  }
}

function series(label: string, look: Series["look"]): Series {
  return { label, look };
}

function dated(date: string): Pick<Mark, "key" | "label" | "short"> {
  return { key: date, label: formatDayShort(date), short: `${date.slice(8)}.${date.slice(5, 7)}` };
}

function hour(at: string, zone?: string): Pick<Mark, "key" | "label" | "short"> {
  const time = formatTime(at, zone);
  return { key: at, label: `${formatDayShort(dayOf(at, zone))}, ${time}`, short: time };
}

function dayOf(at: string, timeZone?: string): string {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", ...(timeZone ? { timeZone } : {}) } as const;
  return new Intl.DateTimeFormat("en-CA", options).format(new Date(at));
}

function demand({ days }: Questions["demand"], { form, period }: QuestionsAnswer): Panel {
  const marks = days.map(({ date, requested, approved }) => ({
    ...dated(date), label: formatDay(date), values: [requested, approved],
    href: requested > 0 ? rowsPath({ form, basis: basisOf(period), from: date, to: date, status: ASKED }) : undefined,
  }));
  const plot = { label: t("desk.day"), series: [series(t("desk.requested"), "solid"), series(t("desk.approved"), "step")], marks, hint: t("desk.hint.bar") };
  return { plot, draw: overTime };
}

function directions({ dimension, label, rows }: Questions["directions"], { form, period }: QuestionsAnswer): Panel {
  const marks = rows.map(({ code, label: name, requested, approved }) => ({
    key: code, label: name, values: [requested, approved],
    href: dimension ? rowsPath({ form, basis: basisOf(period), from: period.from, to: period.to, [dimension]: code, status: ASKED }) : undefined,
  }));
  const plot = { label, series: [series(t("desk.requested"), "solid"), series(t("desk.approved"), "hatch")], marks, hint: t("desk.hint.row") };
  return { plot, draw: ranked, byName: true };
}

function progress({ days }: Questions["progress"]): Panel {
  const marks = days.map(({ date, decided, planned }) => ({ ...dated(date), values: [decided, planned] }));
  const plot = { label: t("desk.day"), series: [series(t("desk.decided"), "line"), series(t("desk.planned"), "dash")], marks, hint: t("desk.hint.line") };
  return { plot, draw: overTime };
}

function filedByDay({ days }: Questions["filing"], { form, period }: QuestionsAnswer): Panel {
  const marks = days.map(({ date, count }) => ({
    ...dated(date), values: [count],
    href: count > 0 ? rowsPath({ form, basis: "filed", from: date, to: date, period: period.id ?? undefined }) : undefined,
  }));
  return { title: t("desk.filing.days"), draw: overTime, plot: { label: t("desk.day"), series: [series(t("desk.filed"), "solid")], marks, hint: t("desk.hint.bar") } };
}

function filedByHour({ hours }: Questions["filing"], zone?: string): Panel {
  const marks = hours.map(({ at, count }) => ({ ...hour(at, zone), values: [count] }));
  return { title: t("desk.filing.hours"), draw: overTime, plot: { label: t("desk.hour"), series: [series(t("desk.filed"), "solid")], marks, hint: t("desk.hint.line") } };
}

/** Columns are numbers of approvals, as many as either time has; the cells how many people have so many. */
function fairness({ rows, threshold, from_month: from, to_month: to }: Questions["fairness"], { form, period, questions, previous }: QuestionsAnswer): Panel {
  const every = [...rows, ...(previous?.questions.fairness.rows ?? [])];
  const found = Math.max(1, ...every.flatMap(({ people }) => people.map(({ approvals }) => approvals)));
  const last = Math.min(found, MOST_APPROVALS);
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  const { dimension, label } = questions.directions;
  const marks = rows.map(({ code, label: name, people }) => ({
    key: code, label: name,
    values: numbers.map((number) => {
      const counted = people.filter(({ approvals }) => approvals === number || (number === last && approvals > last));
      return counted.reduce((sum, each) => sum + each.people, 0);
    }),
    href: dimension ? rowsPath({ form, basis: basisOf(period), from, to: lastDay(to), [dimension]: code, status: GIVEN }) : undefined,
  }));
  const columns = numbers.map((count) => {
    const more = count === last && found > last ? "+" : "";
    return { label: t("desk.times", { count }).replace(/\d+/, (digits) => digits + more), short: `${count}${more}`, look: count > threshold ? ("hatch" as const) : ("solid" as const) };
  });
  return { plot: { label, series: columns, marks, between: ": ", note: t("desk.fair.note"), hint: t("desk.hint.row") }, draw: spread, byName: true };
}

function lastDay(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

function durations({ weeks }: Questions["durations"]): Panel {
  const marks = weeks.map(({ week, p50_days: half, p90_days: most }) => ({ ...dated(week), values: [half, most] }));
  const plot = { label: t("desk.week"), series: [series(t("desk.p50"), "line"), series(t("desk.p90"), "dash")], marks, hint: t("desk.hint.line") };
  return { plot, draw: overTime };
}

function channels({ rows }: Questions["channels"], { form, period }: QuestionsAnswer): Panel {
  const marks = rows.map(({ code, label, count, share }) => ({
    key: code, label, values: [count, share],
    href: rowsPath({ form, basis: basisOf(period), from: period.from, to: period.to, channel: code }),
  }));
  const share: Series = { label: t("desk.share"), look: "solid", say: (value) => `${String(value)}\u00a0%` };
  return { plot: { label: t("desk.channel"), series: [series(t("desk.filed"), "solid"), share], marks, hint: t("desk.hint.row") }, draw: shares, byName: true };
}

function health({ hours }: Questions["health"], zone?: string): Panel {
  const marks = hours.map(({ at, shown, failed }) => ({ ...hour(at, zone), values: [shown, failed] }));
  const plot = { label: t("desk.hour"), series: [series(t("desk.shown"), "solid"), series(t("desk.failed"), "hatch")], marks, hint: t("desk.hint.line") };
  return { title: t("desk.health.hours"), plot, draw: overTime };
}

