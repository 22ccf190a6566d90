import { batch, signal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { api } from "../api/client";
import { ApiError } from "../api/errors";
import type {
  ApplicationView,
  CardList,
  FormResponse,
  Info,
  LinkList,
  Me,
  OwnStatistics,
  PeriodsResponse,
  Preferences,
  ReminderChoice,
} from "../api/types";
import { locale } from "../i18n";
import { host } from "../platform";
import { learnServerTime } from "./clock";

/** One cached answer of the server: shown at once, refreshed behind, kept on the device for offline. */
export interface Resource<T> {
  readonly key: string;
  readonly data: Signal<T | undefined>;
  /** The last refresh failed; `data` may still hold what we knew before. */
  readonly error: Signal<ApiError | null>;
  readonly loading: Signal<boolean>;
  /** When `data` came from the server (ms of this device), also for a copy read from the device. */
  readonly loadedAt: Signal<number>;
  /** True while `data` is a copy from the device that no server answer has confirmed yet. */
  readonly stale: Signal<boolean>;
  refresh(): Promise<void>;
  /** Something has changed it: asks again, also when an answer from before the change is still on its way. */
  outdate(): void;
  /** Puts an answer we already have (of a submit, say) without asking again. */
  set(value: T): void;
}

/** What the cache itself needs of a resource, whatever it holds. */
export type AnyResource = Omit<Resource<unknown>, "set" | "data">;

interface Snapshot<T> {
  value: T;
  at: number;
}

/** An answer has been awaited for long (E0): with a saved copy on the screen, or with nothing yet. */
export const slow = signal<false | "saved" | "empty">(false);
const SLOW_MS = 8_000;

/** Younger answers are not asked for again when a screen opens. */
const FRESH_MS = 5_000;
const resources = new Map<string, AnyResource>();
let owner = "";

/** Another person signed in: nothing of the previous one may be seen. */
export function setOwner(userId: string): void {
  if (owner === userId) return;
  owner = userId;
  resources.clear();
}

/** The copies that this person's visits have left on the device. */
export async function forgetCopies(): Promise<void> {
  const copies = await host.storage.keys(`cache:${owner}:`);
  await Promise.all(copies.map((key) => host.storage.remove(key)));
  resources.clear();
}

export function resource<T>(name: string, load: () => Promise<T>): Resource<T> {
  const key = `${owner}:${locale.peek()}:${name}`;
  const known = resources.get(key) as Resource<T> | undefined;
  if (known) return known;
  const made = create(key, load);
  resources.set(key, made);
  return made;
}

function create<T>(key: string, load: () => Promise<T>): Resource<T> {
  const data = signal<T | undefined>(undefined);
  const error = signal<ApiError | null>(null);
  const loading = signal(false);
  const loadedAt = signal(0);
  const stale = signal(false);
  let running: Promise<void> | null = null;
  let again = false;

  const keep = (value: T) => {
    batch(() => {
      data.value = value;
      error.value = null;
      stale.value = false;
      loadedAt.value = Date.now();
    });
    void host.storage.set(`cache:${key}`, { value, at: loadedAt.value } satisfies Snapshot<T>);
  };
  const run = async () => {
    loading.value = true;
    const reading = data.value === undefined ? restore() : null;
    const timer = setTimeout(() => (slow.value = data.value === undefined ? "empty" : "saved"), SLOW_MS);
    try {
      keep(noticeTime(await load()));
    } catch (failure) {
      await reading;
      error.value = asApiError(failure);
    } finally {
      clearTimeout(timer);
      slow.value = false;
      loading.value = false;
      running = null;
      if (again) void refresh();
    }
  };
  const refresh = () => {
    if (!running) again = false;
    return (running ??= run());
  };
  const outdate = () => {
    loadedAt.value = 0;
    if (running) again = true;
    else void refresh();
  };
  const set = (value: T) => {
    keep(value);
    again = running !== null;
  };
  const restore = async () => {
    const copy = await host.storage.get<Snapshot<T>>(`cache:${key}`);
    if (!copy || data.value !== undefined) return;
    batch(() => {
      data.value = noticeTime(copy.value, copy.at);
      loadedAt.value = copy.at;
      stale.value = true;
    });
  };
  return { key, data, error, loading, loadedAt, stale, set, refresh, outdate };
}

/** Stands in for a resource whose name is not known yet: never asks, never has anything. */
const nothing: Resource<never> = {
  ...create<never>("nothing", () => Promise.reject(new Error("nothing"))),
  refresh: () => Promise.resolve(),
};

/** Subscribes a screen: asks when it opens, when the network is back and when the page is looked at again. */
export function useResource<T>(wanted: Resource<T> | null): Resource<T> {
  const what: Resource<T> = wanted ?? nothing;
  useEffect(() => {
    const ask = () => {
      const isFresh = Date.now() - what.loadedAt.peek() <= FRESH_MS;
      if (!isFresh || what.stale.peek() || what.error.peek()) void what.refresh();
    };
    ask();
    const stops = [host.online.subscribe((online) => online && ask()), host.visible.subscribe((seen) => seen && ask())];
    return () => stops.forEach((stop) => stop());
  }, [what]);
  return what;
}

/** Asks again for everything whose name begins so, if a screen has ever shown it. */
export function invalidate(...names: string[]): void {
  for (const each of resources.values()) {
    const name = each.key.split(":").slice(2).join(":");
    if (names.some((prefix) => name.startsWith(prefix))) each.outdate();
  }
}

/** A screen could not be drawn with what we have: everything is asked anew. Offline the device's copies are all there is. */
export async function forgetData(): Promise<void> {
  resources.clear();
  if (!host.online.peek()) return;
  const copies = await host.storage.keys("cache:");
  await Promise.all(copies.map((key) => host.storage.remove(key)));
}

export const data = {
  info: () => resource<Info>("info", api.info),
  me: () => resource<Me>("me", api.me),
  form: (form: string) => resource<FormResponse>(`form:${form}`, () => api.form(form)),
  periods: (form: string) => resource<PeriodsResponse>(`periods:${form}`, () => api.periods(form)),
  reminder: (period: number) => resource<ReminderChoice>(`reminder:${String(period)}`, () => api.reminder(period)),
  notifications: () => resource<Preferences>("notifications", api.notifications),
  links: () => resource<LinkList>("links", api.links),
  statistics: (form: string) => resource<OwnStatistics>(`statistics:${form}`, () => api.statistics(form)),
  recent: () => resource<CardList>("applications:recent", () => api.applications({ limit: 10 })),
  application: (number: string) =>
    resource<ApplicationView>(`application:${number}`, () => api.application(number)),
};

/** After anything changed an application, or may have: it, the lists, the limits and the badge are asked again. */
export function applicationChanged(view?: ApplicationView): void {
  if (view) data.application(view.number).set(view);
  else invalidate("application:");
  invalidate("applications:", "periods:", "form:", "statistics:", "info");
}

function noticeTime<T>(answer: T, at?: number): T {
  const time = (answer as { server_time?: unknown } | null)?.server_time;
  if (typeof time === "string") learnServerTime(time, at);
  return answer;
}

function asApiError(failure: unknown): ApiError {
  if (failure instanceof ApiError) return failure;
  return new ApiError({ type: "about:blank", title: String(failure), status: 0, code: "client_error" });
}
