import type { KeyValueStore, TabStore } from "./host";

const TABLE = "values";

/** IndexedDB where the browser has it (private windows may refuse), else memory: the app works, only offline copies go. */
export function createStore(name: string): KeyValueStore {
  const memory = memoryStore();
  let opened: Promise<KeyValueStore> | null = null;
  const store = () => (opened ??= open(name).then(databaseStore, () => memory));
  return {
    get: async <T>(key: string) => (await store()).get<T>(key),
    set: async (key, value) => (await store()).set(key, value),
    remove: async (key) => (await store()).remove(key),
    keys: async (prefix) => (await store()).keys(prefix),
  };
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("indexedDB"));
    request.onblocked = () => reject(new Error("indexedDB blocked"));
  });
}

function databaseStore(db: IDBDatabase): KeyValueStore {
  const table = (mode: IDBTransactionMode) => db.transaction(TABLE, mode, { durability: "relaxed" }).objectStore(TABLE);
  return {
    get: <T>(key: string) => promise<T | undefined>(table("readonly").get(key) as IDBRequest<T | undefined>),
    set: async (key, value) => {
      await promise(table("readwrite").put(value, key));
    },
    remove: async (key) => {
      await promise(table("readwrite").delete(key));
    },
    keys: async (prefix) => {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      return (await promise(table("readonly").getAllKeys(range))).map(String);
    },
  };
}

function promise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("indexedDB"));
  });
}

function memoryStore(): KeyValueStore {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => Promise.resolve(values.get(key) as T | undefined),
    set: (key, value) => Promise.resolve(void values.set(key, structuredClone(value))),
    remove: (key) => Promise.resolve(void values.delete(key)),
    keys: (prefix) => Promise.resolve([...values.keys()].filter((key) => key.startsWith(prefix))),
  };
}

/** Some WebViews and private windows forbid sessionStorage: then the token lives in memory only. */
export function createTabStore(): TabStore {
  const memory = new Map<string, string>();
  return {
    get(key) {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      try {
        if (value === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, value);
      } catch {
        if (value === null) memory.delete(key);
        else memory.set(key, value);
      }
    },
  };
}
