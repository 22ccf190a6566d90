import { user } from "../../app/session";
import { host } from "../../platform";

/** Everything of one person stays under their own id: two people on one device never see each other's drafts. */
function keyOf(name: string): string {
  return `express-bot:${user.peek()?.id ?? "-"}:${name}`;
}

interface Stamped {
  updated_at: string;
}

/**
 * A copy on this device. `localStorage` answers at once, so the last letters survive a killed page (ux UX-112); the
 * host's own store keeps a second copy where messengers clean the first away.
 */
export const local = {
  read(name: string): unknown {
    try {
      return JSON.parse(localStorage.getItem(keyOf(name)) ?? "null");
    } catch {
      return null;
    }
  },
  /** The newer of the two copies. */
  async load<T extends Stamped>(name: string): Promise<T | null> {
    const near = this.read(name) as T | null;
    const far = await this.far<T>(name);
    return !near || (far && far.updated_at > near.updated_at) ? far : near;
  },
  /** The copy of the host's own store. */
  async far<T>(name: string): Promise<T | null> {
    return (await host.storage.get<T>(keyOf(name)).catch(() => undefined)) ?? null;
  },
  write(name: string, value: unknown): void {
    try {
      localStorage.setItem(keyOf(name), JSON.stringify(value));
    } catch {
      // A private window may refuse; the other store below still may not.
    }
    void host.storage.set(keyOf(name), value).catch(() => undefined);
  },
  remove(name: string): void {
    try {
      localStorage.removeItem(keyOf(name));
    } catch {
      // Nothing was kept there then.
    }
    void host.storage.remove(keyOf(name)).catch(() => undefined);
  },
  /** Calls back when another tab has written `name`. */
  watch(name: string, changed: () => void): () => void {
    const listen = (event: StorageEvent) => event.key === keyOf(name) && changed();
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  },
};
