import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";

import type { Answers, AnswerValue, CompiledForm, FieldError } from "../../api/types";
import { host } from "../../platform";
import { askedFields, fieldOf, fillText, isAnswered, nameOf, optionsFor, shortLabel, type Field } from "./fields";
import type { Refusal } from "./drafts";
import { clean, validate, withoutHidden } from "./validation";

/** Where the answers live: a draft, or the copy of an application that is being edited. */
export interface AnswerStore {
  readonly answers: ReadonlySignal<Answers>;
  change: (field: string, answers: Answers) => void;
}

/** What is on its way into a form; the code that carries it comes with the first file (`features/files`). */
export interface Uploads {
  /** How many are not there yet. */
  underWay: number;
  /** The fields they belong to, and those with files that did not make it. */
  fields: readonly string[];
  /** A file that did not arrive, and nobody has said what to do about it. */
  problem: FieldError | null;
  /** Whatever is not there yet is not wanted any more. */
  drop: () => void;
}

const NOTHING: Uploads = { underWay: 0, fields: [], problem: null, drop: () => undefined };

export interface SessionSource {
  /** «flight», «edit:2027-0142»: the same for every session over the same answers. */
  name: string;
  form: ReadonlySignal<CompiledForm>;
  /** Answers that are not asked here: the profile, or what the application was filed with. */
  known: ReadonlySignal<Answers>;
  /** The profile is not complete: its questions are part of the form. */
  withProfile: ReadonlySignal<boolean>;
  store: AnswerStore;
}

/** One form being filled in: its answers, what is wrong with them, and what stands in the way of sending. */
export class FormSession {
  readonly problems: Signal<FieldError[]> = signal([]);
  /** Grows with every press that found problems: the focus goes to them again. */
  readonly attempt = signal(0);
  /** How many problems the last press found; a message that came on leaving a field makes no summary. */
  readonly found = signal(0);
  readonly sending = signal(false);
  readonly refusal: Signal<Refusal | null> = signal(null);
  /** Why an answer was taken away, by field: the one above it has changed (ux E4). */
  readonly notices: Signal<Readonly<Record<string, string>>> = signal({});
  readonly touched = signal(false);
  readonly uploads: Signal<Uploads> = signal(NOTHING);
  /** «Отправить» was pressed while files were on their way: it is done when they are here. */
  readonly waiting = signal(false);
  readonly answers: ReadonlySignal<Answers>;
  readonly asked: ReadonlySignal<Field[]>;

  constructor(readonly source: SessionSource) {
    this.answers = computed(() => ({ ...source.known.value, ...source.store.answers.value }));
    this.asked = computed(() => {
      // conditions look at cleaned answers: «2» typed into a number field is 2
      const answers = clean(source.form.value, this.answers.value) as Answers;
      return askedFields(source.form.value, answers, source.withProfile.value);
    });
  }

  get form(): CompiledForm {
    return this.source.form.value;
  }

  /** The answer and everything that follows from it: impossible answers below go, with a word about it. */
  set(name: string, value: AnswerValue): void {
    this.touched.value = true;
    this.notices.value = without(this.notices.peek(), name);
    this.write(name, value);
    this.dropImpossible();
    this.recheck();
  }

  learnUploads(uploads: Uploads): void {
    this.uploads.value = uploads;
    this.recheck();
  }

  /** On leaving a field: only what is certainly wrong (ux B4 (1)); never "required". */
  leave(name: string): void {
    const problem = this.judge().find((found) => found.field === name);
    const known = this.problems.peek().some((found) => found.field === name);
    if (problem && problem.code !== "required" && !known) this.problems.value = [...this.problems.peek(), problem];
  }

  /** Judges these fields, or all; false when something is wrong, and then the person is told. */
  check(names?: readonly string[]): boolean {
    const asked = names ?? this.asked.peek().map((field) => field.name);
    return this.report(this.judge().filter((problem) => asked.includes(problem.field)));
  }

  /** Problems found here or by the server; returns whether there were none. */
  report(problems: FieldError[]): boolean {
    this.problems.value = problems;
    this.found.value = problems.length;
    if (problems.length === 0) return true;
    this.attempt.value += 1;
    host.haptic("error");
    return false;
  }

  /** «Ошибка: » before the document's title, until everything is put right (ux B4). */
  get isMarked(): boolean {
    return this.found.value > 0 && this.problems.value.length > 0;
  }

  messageOf(name: string): string | undefined {
    return this.problems.value.find((problem) => problem.field === name)?.message;
  }

  /** Everything the application is made of: cleaned, without answers to questions that are not asked. */
  all(): Answers {
    return this.relevant(this.answers.peek());
  }

  /** What is sent: profile facts only where the server does not have them yet. */
  outgoing(): Answers {
    const profile = this.form.fields.filter((field) => field.profile).map((field) => field.name);
    const keep = this.source.withProfile.peek() ? [] : profile;
    return Object.fromEntries(Object.entries(this.all()).filter(([name]) => !keep.includes(name)));
  }

  /** Takes away answers whose parent answer no longer allows them. */
  dropImpossible(): void {
    for (const field of this.source.form.peek().fields) {
      const value = this.source.store.answers.peek()[field.name];
      if (!field.parent || typeof value !== "string") continue;
      const answers = this.answers.peek();
      if (!isAnswered(answers[field.parent])) continue;
      if (optionsFor(field, answers).some((option) => option.code === value)) continue;
      this.notices.value = { ...this.notices.peek(), [field.name]: clearedText(this.source.form.peek(), field, value, answers) };
      this.write(field.name, null);
    }
  }

  /** The person has left the form: what was wrong is told anew when it matters again. */
  reset(): void {
    this.problems.value = [];
    this.found.value = 0;
    this.refusal.value = null;
    this.touched.value = false;
  }

  private write(name: string, value: AnswerValue): void {
    const rest = without(this.source.store.answers.peek(), name);
    this.source.store.change(name, isAnswered(value) ? { ...rest, [name]: value } : rest);
  }

  private judge(): FieldError[] {
    const { underWay, fields, problem } = this.uploads.peek();
    const isComing = ({ code, field }: FieldError) => code === "required" && underWay > 0 && fields.includes(field);
    const found = validate(this.source.form.peek(), this.all()).filter((each) => !isComing(each));
    return problem ? [...found.filter(({ field }) => field !== problem.field), problem] : found;
  }

  /** ux B4 (2): a message goes with the first valid keystroke, or follows what is being typed. */
  private recheck(): void {
    const told = this.problems.peek();
    if (told.length === 0) return;
    const now = this.judge();
    this.problems.value = told.flatMap((problem) => now.find((found) => found.field === problem.field) ?? []);
  }

  private relevant(answers: Answers): Answers {
    const form = this.source.form.peek();
    const names = new Set(form.fields.map((field) => field.name));
    const mine = Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name)));
    return withoutHidden(form, clean(form, mine)) as Answers;
  }
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

function clearedText(form: CompiledForm, field: Field, value: string, answers: Answers): string {
  const parent = field.parent ? fieldOf(form, field.parent) : undefined;
  const above = answers[field.parent ?? ""];
  const words = { value: nameOf(field, value), parent: typeof above === "string" ? nameOf(parent, above) : "" };
  const wrong = field.messages.wrong_parent;
  return fillText(field.texts?.cleared, words) ?? (typeof wrong === "string" ? wrong : shortLabel(field));
}
