import { on } from "@tma.js/bridge";

import type { KeyValueStore } from "./host";
import type { TelegramClient } from "./telegram-client";
import type { Launch } from "./telegram-launch";

/** Whoever said no, or went away without a word, is left in peace for so long. */
const PEACE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Whether the bot may write first: a person who opened the app by a link has never spoken to it, and then a decision
 * has no way to them. Telegram asks with a window of its own; its yes also reaches the bot, as an update.
 */
export class WriteAccess {
  private readonly key;

  constructor(
    private readonly client: TelegramClient,
    private readonly store: KeyValueStore,
    private readonly launch: Launch,
  ) {
    this.key = `telegram-write-access:${launch.account ?? ""}`;
    on("write_access_requested", ({ status }) => {
      if (status === "allowed") void this.note("allowed");
    });
  }

  /** Once; said before the question comes, so that an app which is closed over it does not ask again at once. */
  async ask(): Promise<void> {
    if (this.launch.mayBeWrittenTo) return;
    const known = await this.store.get<"allowed" | number>(this.key);
    if (known === "allowed" || (known !== undefined && Date.now() - known < PEACE_MS)) return;
    if (this.client.tell("web_app_request_write_access")) await this.note(Date.now());
  }

  private note(what: "allowed" | number): Promise<void> {
    return this.store.set(this.key, what);
  }
}
