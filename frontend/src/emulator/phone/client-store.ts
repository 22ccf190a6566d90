import { done, failed, type Answer } from "./wire";

/** Limits of the vendor's documentation (protocol §7). */
const MAX_RECORDS = 1_000;
const MAX_BYTES = 1 << 20;

const PLACE = "messenger-store:";

/** Everybody's phone is as new. */
export function forgetClients(): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith(PLACE)) localStorage.removeItem(name);
}

/** What the eXpress client keeps for the SmartApp, one person apart from another; it outlives the page. */
export class ClientStore {
  constructor(
    private readonly owner: () => string,
    private readonly shelf: Storage,
  ) {}

  answer(method: string, { key, value }: Record<string, unknown>): Answer["data"] | null {
    const name = String(key);
    switch (method) {
      case "client_storage_get":
        return this.get(name);
      case "client_storage_set":
        return this.set(name, typeof value === "string" ? value : JSON.stringify(value));
      case "client_storage_remove":
        return this.remove(name);
      case "client_storage_clear":
        this.write({});
        return done();
      default:
        return null;
    }
  }

  private get(key: string): Answer["data"] {
    const value = this.read()[key];
    return value === undefined ? failed("key_not_found", { value: null }) : done({ value });
  }

  private set(key: string, value: string): Answer["data"] {
    const records = this.read();
    if (new Blob([value]).size > MAX_BYTES) return failed("value_size_exceeded");
    if (!(key in records) && Object.keys(records).length >= MAX_RECORDS) return failed("storage_limit_reached");
    return this.write({ ...records, [key]: value }) ? done() : failed("storage_limit_reached");
  }

  private remove(key: string): Answer["data"] {
    const { [key]: gone, ...rest } = this.read();
    if (gone === undefined) return failed("key_not_found");
    this.write(rest);
    return done();
  }

  private read(): Record<string, string> {
    try {
      return JSON.parse(this.shelf.getItem(this.place()) ?? "{}") as Record<string, string>;
    } catch {
      return {};
    }
  }

  private write(records: Record<string, string>): boolean {
    try {
      this.shelf.setItem(this.place(), JSON.stringify(records));
      return true;
    } catch {
      return false;
    }
  }

  private place(): string {
    return PLACE + this.owner();
  }
}
