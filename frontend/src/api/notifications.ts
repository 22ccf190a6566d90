/** What a person is told, and where: shapes of the Express Bot API (`contracts/notifications.py`, `contracts/links.py`). */

import type { Session } from "./types";

/** A messenger that a person can be reached in. */
export type Messenger = "express" | "telegram";
/** What may be switched off; decisions, questions and alerts belong to none of them. */
export type Topic = "openings" | "reminders" | "receipts" | "digests";

/** Wall clock of the person's zone; «22:00:00» to «08:00:00» passes midnight. */
export interface QuietHours {
  from: string;
  to: string;
  on: boolean;
}

export interface Preferences {
  /** Tried first; null: where the person was last active. */
  preferred: Messenger | null;
  muted: Partial<Record<Messenger, Topic[]>>;
  quiet: QuietHours;
  timezone: string;
  timezone_chosen: boolean;
  /** Messengers this person can be reached in now. */
  channels: Messenger[];
}

export interface PatchPreferences {
  preferred?: Messenger | null;
  muted?: Partial<Record<Messenger, Topic[]>>;
  quiet?: QuietHours;
  /** Null goes back to the base's. */
  timezone?: string | null;
}

/** «Не в этом месяце», «Напомнить», or neither. */
export interface ReminderChoice {
  period: number;
  choice: "declined" | "wanted" | "none";
}

export interface LinkCode {
  code: string;
  expires_at: string;
}

export interface Link {
  provider: string;
  linked_at: string;
  /** False: the messenger says that this chat takes nothing any more. */
  reachable: boolean;
  removable: boolean;
}

export interface LinkList {
  links: Link[];
}

/** After a code was taken. A guest who has become somebody goes on with the new session. */
export interface Linked extends LinkList {
  session: Session | null;
}
