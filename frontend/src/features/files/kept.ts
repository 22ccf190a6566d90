import { user } from "../../app/session";
import { createStore } from "../../platform/storage";

/** A file that is not on the server yet: a page that is loaded again goes on with it. */
export interface Kept {
  key: string;
  /** The idempotency key of its beginning on the server. */
  call: string;
  file: Blob;
  name: string;
  type: string;
  /** The upload on the server, once it has begun. */
  id: string | null;
}

/** The browser's own store takes files as they are; where it is closed, a reload means choosing again. */
const store = createStore("express-bot");

function addressOf(place: string, key = ""): string {
  return `upload:${user.peek()?.id ?? "-"}:${place}:${key}`;
}

export const kept = {
  async all(place: string): Promise<Kept[]> {
    const keys = await store.keys(addressOf(place)).catch(() => []);
    const found = await Promise.all(keys.map((key) => store.get<Kept>(key)));
    return found.filter((each): each is Kept => each?.file instanceof Blob);
  },
  put(place: string, what: Kept): void {
    void store.set(addressOf(place, what.key), what).catch(() => undefined);
  },
  drop(place: string, key: string): void {
    void store.remove(addressOf(place, key)).catch(() => undefined);
  },
};
