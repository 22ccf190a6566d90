import { computed, signal, type Signal } from "@preact/signals";

import { api } from "../../api/client";
import { ApiError } from "../../api/errors";
import type { Answers, AnswerValue, ApplicationView, CompiledForm, FieldError } from "../../api/types";
import { applicationChanged } from "../../app/data";
import { t } from "../../i18n";
import { host } from "../../platform";
import { fieldOf, valueText } from "./fields";
import { newKey } from "./keys";
import { local } from "./local";
import { refusalOf } from "./refusals";
import { FormSession } from "./session";

type Edits = Record<string, AnswerValue>;
export type SaveOutcome = "saved" | "unchanged" | "refused";

/** An application being changed: its filed answers, and over them what this person has changed and not saved yet. */
export class EditCopy {
  readonly session: FormSession;
  /** The application was changed elsewhere meanwhile; nothing typed here is lost. */
  readonly conflict = signal(false);
  readonly number: string;
  private readonly view: Signal<ApplicationView>;
  private readonly edits: Signal<Edits>;
  private lastBody = "";
  private key = "";

  constructor(view: ApplicationView, form: CompiledForm) {
    this.number = view.number;
    this.view = signal(view);
    const kept = local.read(this.name) as Edits | null;
    this.edits = signal(kept ?? {});
    if (!kept) void this.restore();
    const answers = computed(() => overlay(this.view.value.answers, this.edits.value));
    this.session = new FormSession({
      name: this.name,
      form: signal(form),
      known: signal({}),
      withProfile: signal(false),
      store: { answers, change: (field, next) => this.change(field, next[field] ?? null) },
    });
  }

  /** The page's own copy may have been cleaned away; what was typed meanwhile is newer than the other one. */
  private async restore(): Promise<void> {
    const kept = await local.far<Edits>(this.name);
    if (kept) this.edits.value = pruned({ ...kept, ...this.edits.peek() }, this.view.peek().answers);
  }

  /** A fresh state from the server: answers changed on both sides are marked, mine stay. */
  meet(view: ApplicationView): void {
    const before = this.view.peek();
    this.view.value = view;
    if (before.version === view.version) return;
    const both = Object.keys(this.edits.peek()).filter((name) => !isSame(before.answers[name], view.answers[name]));
    this.edits.value = pruned(this.edits.peek(), view.answers);
    this.conflict.value = both.length > 0;
    this.session.report(both.flatMap((name) => this.mark(name, view.answers[name])));
  }

  async save(): Promise<SaveOutcome> {
    if (this.session.sending.peek()) return "refused";
    if (Object.keys(this.edits.peek()).length === 0 && !this.session.uploads.peek().problem) return "unchanged";
    this.conflict.value = false;
    if (!this.session.check()) return "refused";
    this.session.sending.value = true;
    try {
      await this.put();
      return "saved";
    } catch (failure) {
      await this.refused(failure);
      return "refused";
    } finally {
      this.session.sending.value = false;
    }
  }

  private async put(): Promise<void> {
    const { version } = this.view.peek();
    const answers = this.session.all();
    const view = await api.edit(this.number, version, answers, this.keyFor(JSON.stringify([version, answers])));
    this.edits.value = {};
    local.remove(this.name);
    this.session.uploads.peek().drop();
    applicationChanged(view);
  }

  /** The same change may be sent again after a lost answer; another change is another key. */
  private keyFor(body: string): string {
    if (body !== this.lastBody) this.key = newKey();
    this.lastBody = body;
    return this.key;
  }

  private async refused(failure: unknown): Promise<void> {
    const { session } = this;
    if (failure instanceof ApiError && failure.code === "version_conflict") return this.readAnew();
    if (failure instanceof ApiError && failure.errors.length > 0) return void session.report(failure.errors);
    const refusal = refusalOf(failure);
    const isLost = failure instanceof ApiError && failure.network;
    session.refusal.value = isLost ? { ...refusal, detail: t("form.refused.offline") } : refusal;
    session.attempt.value += 1;
    host.haptic("error");
    if (refusal.code === "not_editable") applicationChanged();
  }

  private async readAnew(): Promise<void> {
    const fresh = await api.application(this.number).catch(() => null);
    this.conflict.value = true;
    if (!fresh) return;
    this.meet(fresh);
    this.conflict.value = true;
    applicationChanged(fresh);
  }

  private mark(name: string, theirs: AnswerValue | undefined): FieldError | [] {
    const field = fieldOf(this.session.form, name);
    if (!field) return [];
    const value = valueText(field, theirs) ?? t("form.check.none");
    return { field: name, code: "changed", message: t("form.refused.changedField", { value }) };
  }

  private change(field: string, value: AnswerValue): void {
    this.edits.value = pruned({ ...this.edits.peek(), [field]: value }, this.view.peek().answers);
    local.write(this.name, this.edits.peek());
  }

  private get name(): string {
    return `edit:${this.number}`;
  }
}

function overlay(filed: Answers, edits: Edits): Answers {
  return Object.fromEntries(Object.entries({ ...filed, ...edits }).filter(([, value]) => value !== null));
}

/** An edit that says what is filed anyway is no edit. */
function pruned(edits: Edits, filed: Answers): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([name, value]) => !isSame(value, filed[name])));
}

function isSame(one: AnswerValue | undefined, other: AnswerValue | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
