/** Shapes of the page API (documented in src/express_bot/emulator/api). */

export interface Person {
  persona: string;
  huid: string;
  name: string;
  position: string;
  /** The person's own chat with the bot. */
  chat: string;
}

export interface ChatView {
  id: string;
  kind: "chat" | "group_chat" | "channel";
  name: string;
  members: string[];
  opened: boolean;
  pinned: string | null;
  counter: number;
  unread: Record<string, number>;
}

export interface ButtonView {
  label: string;
  command?: string;
  data?: Record<string, unknown>;
  opts?: {
    silent?: boolean;
    align?: string;
    h_size?: number;
    font_color?: string;
    background_color?: string;
    show_alert?: boolean;
    alert_text?: string;
    link?: string;
  };
}

export type Rows = ButtonView[][];

export interface FileView {
  type: "image" | "video" | "document" | "voice";
  file: string;
  file_id: string;
  file_name: string;
  file_size: number;
  file_mime_type: string;
}

export interface Mention {
  mention_type: string;
  mention_id: string;
  mention_data?: { name?: string } | null;
}

export interface MessageView {
  id: string;
  chat: string;
  author: string;
  body: string;
  bubble: Rows;
  keyboard: Rows;
  mentions: Mention[];
  file: FileView | null;
  replyTo: string | null;
  recipients: string[] | null;
  at: string;
  edits: number;
  deleted: boolean;
  state: "sending" | "sent" | "failed";
  refusal: string | null;
  delivered: string[];
  read: string[];
}

export interface Command {
  body: string;
  name: string;
  description: string;
}

export interface Faults {
  botx: "ok" | "401" | "429" | "500" | "503" | "drop" | "lost_answer";
  retry_after: number;
  network: "ok" | "none" | "slow";
  stale_chat: boolean;
  callbacks: "ok" | "early" | "late" | "shuffled" | "duplicate" | "lost" | "error";
  callback_reason: string;
  callback_delay: number;
  duplicate_events: boolean;
  lost_app_answers: boolean;
  proof: "ok" | "expired" | "forged" | "missing";
  clock_skew: number;
  proof_version: 1 | 2;
}

/** One exchange between messenger and bot. */
export interface WireEvent {
  seq: number;
  at: string;
  topic: "wire";
  kind: "botx" | "bot" | "app_lost";
  method?: string;
  path?: string;
  request?: unknown;
  response?: unknown;
  status?: number | null;
  ms?: number;
  fault?: string | null;
}

export interface ChatEvent {
  seq: number;
  at: string;
  topic: "chat";
  kind: "message" | "edited" | "deleted" | "settled" | "read" | "chat" | "typing" | "press_failed";
  message?: MessageView;
  unread?: Record<string, number>;
  chat?: ChatView | string;
  huid?: string;
  on?: boolean;
  refusal?: string | null;
}

export interface AppEvent {
  seq: number;
  at: string;
  topic: "app";
  kind: "answer" | "news" | "push" | "counter";
  huids?: string[];
  ref?: string;
  data?: Record<string, unknown>;
  files?: unknown[];
  title?: string;
  body?: string;
  meta?: unknown;
  chat?: string;
  counter?: number;
}

/** One thing that core or queue has done. */
export interface TrailLine {
  id: string;
  at: string;
  kind: "core" | "queue";
  /** The operation, or what became of a notification. */
  name: string;
  ms: number;
  method?: string | null;
  rule?: string | null;
  status?: number | null;
  event?: string | null;
  number?: string | null;
  channel?: string | null;
  reason?: string | null;
}

export interface TrailEvent {
  seq: number;
  at: string;
  topic: "trail";
  kind: "core" | "queue";
  line: TrailLine;
}

export interface HouseEvent {
  seq: number;
  at: string;
  topic: "house";
  kind: "faults" | "clock" | "reset" | "manifest" | "note";
  faults?: Faults;
  now?: string;
  to?: string;
  text?: string;
}

export type FeedEvent = WireEvent | ChatEvent | AppEvent | TrailEvent | HouseEvent;

export interface Snapshot {
  seq: number;
  bot: { id: string; names: Record<"ru" | "en", string> };
  host: string;
  appUrl: string;
  botUrl: string;
  people: Person[];
  chats: ChatView[];
  messages: MessageView[];
  faults: Faults;
  wire: WireEvent[];
  trail: TrailEvent[];
}

/** The product behind the bot, as one person sees it; `away` when it does not answer. */
export interface House {
  away?: { code: string };
  /** The business time that these were read at. */
  now?: string;
  health?: { status: string; components: Record<string, unknown> };
  draft?: { draft: { answers: Record<string, unknown>; version: number } | null };
  applications?: { items: { number: string; status: string; status_label?: string; title?: string }[] };
  conversations?: Conversation[];
  /** Newest first. */
  outbox?: Promised[];
}

/** Where a conversation with the bot stands: the screen of its card, and what is being asked. */
export interface Conversation {
  channel: string;
  version: number;
  state: { screen?: { name: string; data?: Record<string, unknown> } | null; flow?: { kind: string; form: string; number?: string | null } | null };
  updated_at: string;
}

/** A notification that was promised, and how that is kept. */
export interface Promised {
  id: number;
  event: string;
  number: string | null;
  due_at: string;
  settled_at: string | null;
  channel: string | null;
  state: string | null;
  reason: string | null;
  attempts: number;
}
