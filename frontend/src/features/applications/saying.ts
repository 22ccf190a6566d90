import { signal } from "@preact/signals";

import { ApiError } from "../../api/errors";
import type { ApplicationView } from "../../api/types";
import { applicationChanged } from "../../app/data";
import { sentence } from "../../app/failure";
import { t } from "../../i18n";
import { host } from "../../platform";
import { newKey } from "./keys";
import { local } from "./local";

/** As many signs as the desk takes in one message (`contracts/decisions.py`). */
export const LONGEST = 1_000;

interface Kept {
  text: string;
  said: string;
  key: string;
}

type Work = (key: string) => Promise<ApplicationView>;

/**
 * What somebody says about an application: one question answered, one seat taken, one message. It stands on the page
 * from the press on; when it does not arrive, it is back in its field with the reason. Words and key outlive the page, so
 * that the same words sent again after a lost answer are said once.
 */
export class Saying {
  readonly text = signal("");
  readonly error = signal("");
  /** The words on their way; null when nothing is. */
  readonly sending = signal<string | null>(null);
  /** What was said has arrived, in a sentence. */
  readonly done = signal("");
  private said = "";
  private key = "";

  constructor(private readonly name: string) {
    const kept = local.read(name) as Kept | null;
    if (kept) [this.text.value, this.said, this.key] = [kept.text, kept.said, kept.key];
  }

  readonly write = (text: string): void => {
    this.text.value = text;
    if (text.trim()) this.error.value = "";
    this.keep();
  };

  /** What stands in the field, if it can be sent as it is. */
  async sendText(done: string, work: (text: string, key: string) => Promise<ApplicationView>): Promise<void> {
    const text = this.text.peek().trim();
    this.error.value = wrong(text);
    if (!this.error.peek()) await this.send(text, done, (key) => work(text, key), "text");
  }

  /** `words` stand on the page meanwhile, `done` after. */
  async send(words: string, done: string, work: Work, kind = ""): Promise<void> {
    if (this.sending.peek() !== null) return;
    [this.error.value, this.done.value, this.sending.value] = ["", "", words];
    try {
      applicationChanged(await work(this.keyFor(`${kind}:${words}`)));
      this.forget();
      this.done.value = done;
      host.haptic("success");
    } catch (failure) {
      this.refused(failure);
    } finally {
      this.sending.value = null;
    }
  }

  /** A "no" may mean that the page is behind: what is true now is fetched. */
  private refused(failure: unknown): void {
    host.haptic("error");
    const isLost = failure instanceof ApiError && failure.network;
    const said = failure instanceof ApiError ? failure.errors[0]?.message : undefined;
    this.error.value = isLost ? t("talk.lost") : (said ?? sentence(failure));
    if (!isLost) applicationChanged();
  }

  /** The same thing may be said again after a lost answer; another thing is another call. */
  private keyFor(said: string): string {
    if (said !== this.said) [this.said, this.key] = [said, newKey()];
    this.keep();
    return this.key;
  }

  private keep(): void {
    const text = this.text.peek();
    if (text.trim()) local.write(this.name, { text, said: this.said, key: this.key } satisfies Kept);
    else local.remove(this.name);
  }

  private forget(): void {
    [this.text.value, this.said, this.key] = ["", "", ""];
    local.remove(this.name);
  }
}

function wrong(text: string): string {
  const over = Array.from(text).length - LONGEST;
  if (text === "") return t("talk.empty");
  return over > 0 ? t("talk.long", { count: over }) : "";
}
