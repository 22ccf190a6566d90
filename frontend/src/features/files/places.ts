import { effect, signal, untracked, type Signal } from "@preact/signals";

import type { FileView } from "../../api/files";
import { user } from "../../app/session";
import { t } from "../../i18n";
import { host } from "../../platform";
import type { Field } from "../applications/fields";
import { newKey } from "../applications/keys";
import type { FormSession, Uploads } from "../applications/session";
import { kept, type Kept } from "./kept";
import { typeOf } from "./kinds";
import { fileOf } from "./known";
import { inLine } from "./line";
import { MessengerFile, MessengerPick } from "./messenger";
import type { Stage, Transfer } from "./transfer";
import { HttpUpload } from "./upload";

const places = new Map<string, Place>();
const OVER: readonly Stage[] = ["ready", "failed", "refused"];

/** Where the files of one question are, whatever screen is open: transfers go on while people walk through the app. */
export function placeOf(session: FormSession, field: Field): Place {
  const key = [user.peek()?.id, session.source.name, field.name].join(":");
  const place = places.get(key) ?? new Place(session, field, () => places.delete(key));
  places.set(key, place);
  if (place.session.peek() !== session) place.session.value = session;
  return place;
}

export class Place {
  readonly transfers: Signal<Transfer[]> = signal([]);
  /** The newest session over these answers: another language, or the page opened again. */
  readonly session: Signal<FormSession>;
  /** What the last choice left out: «Можно прикрепить не больше 5 файлов». */
  readonly left = signal("");
  /** Whose answers these are: the person's, of one form or of one application. */
  readonly owner: string;
  private readonly name: string;
  private readonly stops: (() => void)[];

  constructor(
    session: FormSession,
    readonly field: Field,
    private readonly onLeft: () => void,
  ) {
    const person = user.peek()?.id;
    this.session = signal(session);
    this.owner = `${person ?? "-"}:${session.source.name}`;
    this.name = `${session.source.name}:${field.name}`;
    this.stops = [
      effect(() => publish(this)),
      host.online.subscribe((online) => online && this.retryFailed()),
      user.subscribe((now) => now?.id === person || queueMicrotask(() => this.leave())),
    ];
    void this.restore();
  }

  /** Files of a filed application are the application's: the server alone lets them go. */
  get isDraft(): boolean {
    return !this.name.startsWith("edit:");
  }

  get ids(): string[] {
    const value = this.session.value.answers.value[this.field.name];
    return Array.isArray(value) ? value : [];
  }

  /** How many more the form takes; what will not come takes no place. */
  get room(): number {
    const coming = this.transfers.value.filter(({ stage }) => !["ready", "refused"].includes(stage.value));
    return Math.max(0, (this.field.max_files ?? 1) - this.ids.length - coming.length);
  }

  /** What was chosen on this device starts at once. */
  add(chosen: readonly File[]): void {
    const taken = chosen.slice(0, this.room);
    this.leaveOut(chosen.slice(taken.length).map(({ name }) => name));
    for (const file of taken) this.begin({ key: newKey(), call: newKey(), file, name: file.name, type: typeOf(file), id: null });
  }

  /** The messenger's picker: its client uploads, our server fetches. */
  async addFromMessenger(): Promise<void> {
    const { field } = this;
    if (!host.uploads || this.transfers.peek().some((each) => each instanceof MessengerPick)) return;
    const pick = new MessengerPick(field);
    this.show(pick);
    const wish = { types: field.types ?? [], maxBytes: field.max_bytes ?? null, many: this.room > 0 };
    const chosen = await host.uploads(wish).catch(() => null);
    if (pick.isDropped) return;
    this.hide(pick);
    const taken = (chosen ?? []).slice(0, this.room);
    this.leaveOut((chosen ?? []).slice(taken.length).map(({ name }) => name));
    for (const file of taken) this.start(new MessengerFile(file, field));
  }

  retry(transfer: Transfer): void {
    transfer.stage.value = "waiting";
    inLine(() => this.follow(transfer));
  }

  /** A transfer that has not arrived, or will not. */
  drop(transfer: Transfer): void {
    transfer.cancel();
    kept.drop(this.name, transfer.key);
    this.hide(transfer);
  }

  dropAll(): void {
    this.left.value = "";
    this.transfers.peek().filter(({ stage }) => stage.peek() !== "ready").forEach((each) => this.drop(each));
  }

  answer(ids: string[]): void {
    this.left.value = "";
    this.session.peek().set(this.field.name, [...new Set(ids)]);
  }

  /** Somebody else is signed in now: what is not there yet goes on when its owner is back. */
  private leave(): void {
    this.stops.splice(0).forEach((stop) => stop());
    this.transfers.peek().forEach((transfer) => transfer.halt());
    this.onLeft();
  }

  private begin(what: Kept): void {
    const upload = new HttpUpload(what, this.field, (known) => kept.put(this.name, known));
    if (upload.stage.peek() === "refused") return this.show(upload);
    kept.put(this.name, what);
    this.start(upload);
  }

  private start(transfer: Transfer): void {
    this.show(transfer);
    inLine(() => this.follow(transfer));
  }

  private async follow(transfer: Transfer): Promise<void> {
    await transfer.run((view) => this.take(view));
    if (["ready", "refused"].includes(transfer.stage.peek())) kept.drop(this.name, transfer.key);
  }

  private take(view: FileView): void {
    const left = this.left.peek();
    fileOf(view.id).set(view);
    this.answer([...untracked(() => this.ids), view.id]);
    this.left.value = left;
  }

  /** The page was closed in the middle: what the device has kept goes on. */
  private async restore(): Promise<void> {
    for (const what of await kept.all(this.name)) this.begin(what);
  }

  private retryFailed(): void {
    this.transfers.peek().filter(({ stage }) => stage.peek() === "failed").forEach((each) => this.retry(each));
  }

  private leaveOut(names: string[]): void {
    const count = this.field.max_files ?? 1;
    this.left.value = names.length > 0 ? t("files.left", { count, names: names.join(", ") }) : "";
  }

  private show(transfer: Transfer): void {
    this.transfers.value = [...this.transfers.peek(), transfer];
  }

  private hide(transfer: Transfer): void {
    this.transfers.value = this.transfers.peek().filter((each) => each !== transfer);
  }
}

/** What the form has to know: its button waits for what is on the way. */
function publish(changed: Place): void {
  const session = changed.session.value;
  const own = [...new Set([...places.values(), changed])].filter(({ owner }) => owner === changed.owner);
  const all = own.flatMap(({ field, transfers }) => transfers.value.map((transfer) => ({ field, transfer, stage: transfer.stage.value })));
  const failed = all.find(({ stage }) => stage === "failed");
  const uploads: Uploads = {
    underWay: all.filter(({ stage }) => !OVER.includes(stage)).length,
    fields: [...new Set(all.filter(({ stage }) => stage !== "ready").map(({ field }) => field.name))],
    problem: failed
      ? { field: failed.field.name, code: "file_failed", message: t("files.broken", { name: failed.transfer.name }) }
      : null,
    drop: () => own.forEach((place) => place.dropAll()),
  };
  untracked(() => session.learnUploads(uploads));
}
