import { clientStorageGet, clientStorageRemove, clientStorageSet } from "@expressms/smartapp-sdk";

import { isDone, SOFT_MS, soft, told } from "./express-answers";
import type { KeyValueStore } from "./host";

/** A value with its moment; without a value it was removed. The newer of two copies stands. */
interface Kept {
  at: number;
  value?: unknown;
}

/** The client's store cannot list its keys: they are kept in it under this one. */
const INDEX = "express-bot:keys";
/** A store that did not answer is left alone for a while: nobody waits three seconds for each value. */
const REST_MS = 30_000;

/**
 * The store that the eXpress client keeps for the app: it outlives a WebView whose own storage is cleaned. What the
 * client does not take (no such call, no room, no answer) goes to the browser's own store.
 */
export class ClientStore implements KeyValueStore {
  private restsUntil = 0;
  private index: Promise<Set<string> | null> | null = null;

  /** `answers` waits for the client's first word and tells whether it came. */
  constructor(
    private readonly near: KeyValueStore,
    private readonly answers: () => Promise<boolean>,
  ) {}

  async get<T>(key: string): Promise<T | undefined> {
    const [far, near] = await Promise.all([this.read(key), this.near.get<Kept>(key)]);
    const newest = far && (!near || far.at >= near.at) ? far : near;
    return newest?.value as T | undefined;
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.put(key, { at: Date.now(), value });
    await this.list(key, true);
  }

  async remove(key: string): Promise<void> {
    const answer = await this.ask(() => clientStorageRemove({ key }));
    const isGone = isDone(answer) || told(answer?.payload, "error_code") === "key_not_found";
    if (isGone) await this.near.remove(key);
    else await this.near.set(key, { at: Date.now() } satisfies Kept);
    await this.list(key, false);
  }

  async keys(prefix: string): Promise<string[]> {
    const [listed, near] = await Promise.all([this.names(), this.near.keys(prefix)]);
    return [...new Set([...(listed ?? []), ...near])].filter((key) => key.startsWith(prefix));
  }

  private async read(key: string): Promise<Kept | undefined> {
    const answer = await this.ask(() => clientStorageGet({ key }));
    const value = told(answer?.payload, "value");
    return isKept(value) ? value : undefined;
  }

  /** In the order of the calls: the message leaves before anything is awaited, once the client has been heard. */
  private async put(key: string, kept: Kept): Promise<void> {
    const answer = await this.ask(() => clientStorageSet({ key, value: kept }));
    if (isDone(answer)) await this.near.remove(key);
    else await this.near.set(key, kept);
  }

  private async ask<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.answers()) || Date.now() < this.restsUntil) return undefined;
    const answer = await soft(call(), SOFT_MS);
    if (answer === undefined) this.restsUntil = Date.now() + REST_MS;
    return answer;
  }

  /** Null when the client's list could not be read: then it is not written either, so that nothing falls off it. */
  private names(): Promise<Set<string> | null> {
    return (this.index ??= this.readIndex());
  }

  private async readIndex(): Promise<Set<string> | null> {
    const answer = await this.ask(() => clientStorageGet({ key: INDEX }));
    if (answer === undefined) return (this.index = null);
    const value = told(answer.payload, "value");
    return new Set(isKept(value) && Array.isArray(value.value) ? value.value.map(String) : []);
  }

  private async list(key: string, isThere: boolean): Promise<void> {
    const names = await this.names();
    if (!names || names.has(key) === isThere) return;
    if (isThere) names.add(key);
    else names.delete(key);
    await this.ask(() => clientStorageSet({ key: INDEX, value: { at: Date.now(), value: [...names] } }));
  }
}

function isKept(value: unknown): value is Kept {
  return typeof value === "object" && value !== null && typeof (value as Partial<Kept>).at === "number";
}
