import { signal, type Signal } from "@preact/signals";

import { api } from "../../api/client";
import { isApiError } from "../../api/errors";
import type { Answers, Draft, FieldError } from "../../api/types";
import { user } from "../../app/session";
import { host } from "../../platform";
import { newKey } from "./keys";
import { local } from "./local";
import { baseLists, merge, type LocalDraft, type Merged } from "./merge";
import { isQueued } from "./queued";

export type { LocalDraft } from "./merge";

/** Why a sent application came back: its draft is kept with the answer of the server. */
export interface Refusal {
  code: string;
  detail: string;
  errors: FieldError[];
  extensions: Record<string, unknown>;
}

/** ux B1: after the last change; while somebody writes on and on, at least this often, so that ≤ 1 s can be lost. */
const SAVE_AFTER_MS = 400;
const SAVE_AT_LEAST_MS = 800;
const PATIENCE_MS = 1_500;

const keepers = new Map<string, DraftKeeper>();

/** The one keeper of this person's draft of this form; screens share it. */
export function draftOf(form: string): DraftKeeper {
  const key = `${user.peek()?.id ?? "-"}:${form}`;
  const keeper = keepers.get(key) ?? new DraftKeeper(form);
  keepers.set(key, keeper);
  return keeper;
}

/** Keeps a draft on the device at once and on the server soon: nothing typed is ever lost (ux rule 4). */
export class DraftKeeper {
  readonly draft: Signal<LocalDraft | null> = signal(null);
  /** Another window or the chat has changed this draft too; the newest answer of each field stands. */
  readonly merged = signal(false);
  readonly loaded = signal(false);
  /** Counts the drafts that were sent or thrown away. */
  readonly forgotten = signal(0);
  private loading: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dirtySince = 0;
  private syncing: Promise<void> | null = null;
  /** Counts what was sent or thrown away: an answer asked for before is about another draft. */
  private epoch = 0;

  constructor(readonly form: string) {
    addEventListener("pagehide", () => this.save());
    host.visible.subscribe((visible) => visible || this.leave());
    host.online.subscribe((online) => online && this.loaded.peek() && void this.sync());
  }

  /** Reads the device first, then asks the server what other doors have written. */
  load(): Promise<void> {
    return (this.loading ??= this.read());
  }

  private async read(): Promise<void> {
    const kept = await local.load<LocalDraft>(this.name);
    this.draft.value ??= kept;
    this.loaded.value = true;
    await this.meetServer();
  }

  /** Asked again when a form opens: the chat may have gone on with the draft meanwhile. */
  async meetServer(): Promise<void> {
    if (!host.online.peek()) return;
    await this.learn();
    await this.sync();
  }

  private async learn(): Promise<void> {
    const { epoch } = this;
    const answer = await api.draft(this.form).catch(() => null);
    if (answer && epoch === this.epoch) this.adopt(merge(this.draft.peek(), answer.draft));
  }

  change(field: string, answers: Answers): void {
    const draft = this.draft.peek() ?? fresh(this.form);
    const changed = [...new Set([...draft.changed, field])];
    this.draft.value = { ...draft, answers, changed, refused: null, updated_at: new Date().toISOString() };
    this.schedule();
  }

  /** The key of the next submit: made with the form, kept until an application is accepted (exactly one, ux G). */
  clientKey(): string {
    this.draft.value ??= fresh(this.form);
    return this.draft.value.client_key;
  }

  /** The key was spent by another window: the next press is a new application. */
  renewKey(): void {
    const draft = this.draft.peek();
    if (draft) this.draft.value = { ...draft, client_key: newKey() };
    this.save();
  }

  /** It came back: its answers are a draft again, with the reason, whatever the device still had of it. */
  refuse({ answers, client_key }: Pick<LocalDraft, "answers" | "client_key">, refused: Refusal): void {
    const kept = this.draft.peek() ?? (local.read(this.name) as LocalDraft | null);
    const draft = kept ?? { ...fresh(this.form), answers, client_key, changed: Object.keys(answers) };
    this.draft.value = { ...draft, refused };
    this.save();
  }

  /** Synchronous: called when the page may be gone in the next moment. */
  save(): void {
    clearTimeout(this.timer);
    this.dirtySince = 0;
    const draft = this.draft.peek();
    if (draft && isWorthKeeping(draft)) local.write(this.name, draft);
  }

  /** Not looked at any more: nobody waits the usual moment for another change. */
  leave(): void {
    this.save();
    void this.sync();
  }

  /** Before sending: what is typed is safe, and no saving call is under way that could overtake the submit. */
  async settled(): Promise<void> {
    this.save();
    const limit = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    await Promise.race([this.syncing, limit]);
  }

  /** Accepted by the server, which has dropped its copy itself. */
  forgetSent(clientKey: string): void {
    const draft = this.draft.peek() ?? (local.read(this.name) as LocalDraft | null);
    if (draft?.client_key === clientKey) this.forget();
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.epoch += 1;
    this.draft.value = null;
    this.merged.value = false;
    this.forgotten.value += 1;
    local.remove(this.name);
  }

  /** Thrown away by the person. */
  async discard(): Promise<void> {
    this.forget();
    await api.deleteDraft(this.form).catch(() => null);
  }

  private schedule(): void {
    this.dirtySince ||= Date.now();
    clearTimeout(this.timer);
    const wait = Math.min(SAVE_AFTER_MS, Math.max(0, this.dirtySince + SAVE_AT_LEAST_MS - Date.now()));
    this.timer = setTimeout(() => {
      this.save();
      void this.sync();
    }, wait);
  }

  /** One call at a time; what changes during a call goes with the next one. */
  sync(): Promise<void> {
    return (this.syncing ??= this.push().finally(() => (this.syncing = null)));
  }

  private async push(): Promise<void> {
    const draft = this.draft.peek();
    if (!draft || draft.changed.length === 0 || !host.online.peek() || isQueued(draft.client_key)) return;
    const { form, answers, changed, base_version, client_key } = draft;
    try {
      const answer = await api.saveDraft({ form, answers, changed, base: baseLists(draft), base_version, client_key });
      this.settle(draft, answer.draft, answer.merged);
    } catch (error) {
      // The copy on the device stands; the next change or the returning network tries again. Refused are only more
      // files than the form takes, of all doors together: the person has to see them to choose.
      if (isApiError(error) && error.code === "invalid_answers") await this.learn();
    }
  }

  /** The server has it; what was typed while the call was under way stays to be sent. */
  private settle(sent: LocalDraft, stored: Draft, merged: boolean): void {
    const now = this.draft.peek();
    // Sent and accepted meanwhile: the late copy must not come back as a draft.
    if (!now) return void api.deleteDraft(this.form).catch(() => null);
    const later = changedBetween(sent.answers, now.answers);
    const mine = { ...now, changed: later, base: sent.answers };
    const known = { ...mine, base_version: stored.version, client_key: stored.client_key };
    this.adopt(merged ? { ...merge(mine, stored), merged } : { draft: known, merged: false });
    if (later.length > 0) this.schedule();
  }

  private adopt({ draft, merged }: Merged): void {
    this.draft.value = draft;
    if (merged) this.merged.value = true;
    if (draft) this.save();
    else local.remove(this.name);
  }

  private get name(): string {
    return `draft:${this.form}`;
  }
}

function fresh(form: string): LocalDraft {
  return {
    form, answers: {}, client_key: newKey(), base_version: null, changed: [],
    updated_at: new Date().toISOString(), refused: null,
  };
}

function changedBetween(before: Answers, after: Answers): string[] {
  return before === after ? [] : Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
}

/** A form that was only looked at leaves no draft behind. */
function isWorthKeeping(draft: LocalDraft): boolean {
  return draft.changed.length > 0 || draft.base_version !== null || Object.keys(draft.answers).length > 0;
}
