import { batch, computed, signal, type Signal } from "@preact/signals";

import { ApiError } from "../../api/errors";
import type { FileView } from "../../api/files";
import type { FormField } from "../../api/types";
import { mayPass } from "../applications/queue";
import { pause, whenOnline } from "./line";
import { refusalText, unfitText } from "./words";

export type Stage = "waiting" | "uploading" | "messenger" | "checking" | "ready" | "failed" | "refused";

/** Tried again by itself after so long (ux B5); what has moved on meanwhile begins to count anew. */
const RETRY_MS = [1_000, 4_000, 15_000];

/** One file on its way to the server: how far it is, and what is done when the way breaks. */
export abstract class Transfer {
  readonly stage: Signal<Stage> = signal("waiting");
  readonly size: Signal<number>;
  /** Bytes the server has, and those that are leaving the device. */
  readonly sent = signal(0);
  readonly share = computed(() => (this.size.value > 0 ? this.sent.value / this.size.value : 0));
  /** Why it does not do: «Не подойдёт: больше 20 МБ». */
  readonly why = signal("");
  view: FileView | null = null;
  protected readonly stop = new AbortController();

  constructor(
    readonly key: string,
    readonly name: string,
    size: number,
    protected readonly field: FormField,
  ) {
    this.size = signal(size);
  }

  /** One try; what is there already is not sent again. */
  protected abstract carry(): Promise<FileView>;

  /** As far as it gets; never throws. `onReady` takes the file before anybody hears that it is ready. */
  async run(onReady: (view: FileView) => void): Promise<void> {
    for (let tries = 0; !this.isGone(); tries += 1) {
      const before = this.sent.peek();
      try {
        await whenOnline(this.stop.signal);
        return this.arrived(await this.carry(), onReady);
      } catch (failure) {
        if (this.isGone()) return;
        if (this.sent.peek() > before) tries = 0;
        if (!isPassing(failure)) return this.refuse(refusalText(failure, this.field));
        const wait = RETRY_MS[tries];
        if (wait === undefined) return void (this.stage.value = "failed");
        await pause(wait, this.stop.signal);
      }
    }
  }

  /** No further here and now. */
  halt(): void {
    this.stop.abort();
  }

  /** Not wanted any more. */
  cancel(): void {
    this.halt();
  }

  protected isGone(): boolean {
    return this.stop.signal.aborted || this.stage.peek() === "refused";
  }

  protected refuse(why: string): void {
    this.why.value = why;
    this.stage.value = "refused";
  }

  private arrived(view: FileView, onReady: (view: FileView) => void): void {
    if (this.stop.signal.aborted) return;
    if (view.state === "refused") return this.refuse(unfitText(view.reason ?? "", this.field));
    this.view = view;
    batch(() => {
      onReady(view);
      this.sent.value = this.size.peek();
      this.stage.value = "ready";
    });
  }
}

/** The connection, a busy server, a part that is not the next one: worth another try. */
function isPassing(failure: unknown): boolean {
  if (!(failure instanceof ApiError) || failure.code === "quota_exceeded") return false;
  return mayPass(failure) || failure.status === 500 || failure.code === "wrong_offset";
}
