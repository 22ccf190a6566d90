import type { ChatView, Command, Faults, FileView, House, MessageView, Snapshot } from "./types";

/** The messenger refused and says why; `isOffline` is the phone's missing network. */
export class Refused extends Error {
  constructor(
    readonly why: string,
    readonly status: number,
  ) {
    super(why);
  }

  get isOffline(): boolean {
    return this.why === "phone_offline";
  }
}

/** Who does something, where, on which phone. */
export interface Acting {
  persona: string;
  chat?: string;
  phone: { platform: "web" | "ios" | "android"; locale: "ru" | "en" };
}

async function call<T>(method: "GET" | "POST", path: string, body?: BodyInit, type = "application/json"): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { method, ...(body === undefined ? {} : { body, headers: { "Content-Type": type } }) });
  } catch {
    throw new Refused("away", 0);
  }
  const document = (await response.json().catch(() => ({}))) as T & { code?: string };
  if (!response.ok) throw new Refused(document.code ?? "unknown", response.status);
  return document;
}

const post = <T>(path: string, body: object) => call<T>("POST", `/emulator/${path}`, JSON.stringify(body));

export const api = {
  state: () => call<Snapshot>("GET", "/emulator/state"),
  house: (persona: string) => call<House>("GET", `/emulator/house?persona=${encodeURIComponent(persona)}`),
  open: (acting: Acting) => post<{ chat: ChatView; commands: Command[] }>("chat/open", acting),
  text: (acting: Acting, text: string, data: object = {}) => post("chat/text", { ...acting, text, data }),
  /** The button as this phone shows it: after so many edits of the message. */
  press: (acting: Acting, { id, edits }: Pick<MessageView, "id" | "edits">, markup: "bubble" | "keyboard", row: number, column: number) =>
    post<{ link: string | null; alert: string | null }>("chat/press", { ...acting, message: id, edits, markup, row, column }),
  read: (acting: Acting) => post("chat/read", acting),
  again: (acting: Acting, message: string) => post("chat/again", { ...acting, message }),
  edit: (acting: Acting, message: string, text: string) => post("chat/edit", { ...acting, message, text }),
  chatFile: (acting: Acting, file: Blob, name: string, size = 0) =>
    call<{ file: FileView }>("POST", `/emulator/chat/file?${query(acting, name, size)}`, file, "application/octet-stream"),
  appFile: (acting: Acting, file: Blob, name: string, size = 0) =>
    call<{ record: FileView }>("POST", `/emulator/app/file?${query(acting, name, size)}`, file, "application/octet-stream"),
  appEvent: (acting: Acting, event: object) => post("app/event", { ...acting, event }),
  faults: (faults: Partial<Faults>) => post<Faults>("faults", faults),
  tokens: () => post("tokens", {}),
  clock: (to: string) => post<{ now: string }>("clock", { to }),
  clear: (persona: string) => post("house/clear", { persona }),
  reset: () => post("reset", {}),
};

function query({ persona, chat, phone }: Acting, name: string, size: number): string {
  const facts = { persona, ...phone, name, ...(chat ? { chat } : {}), ...(size ? { size: String(size) } : {}) };
  return new URLSearchParams(facts).toString();
}
