type Entry<V> = { value: V; expiresAtMs: number };

/** What this isolate remembers for a while; the oldest entry leaves when it is full. */
export type IsolateCache<V> = {
  get(key: string, nowMs: number): V | undefined;
  set(key: string, value: V, expiresAtMs: number): void;
  delete(key: string): void;
  clear(): void;
};

export function createIsolateCache<V>(maxEntries: number): IsolateCache<V> {
  const entries = new Map<string, Entry<V>>();
  return {
    get(key, nowMs) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.expiresAtMs > nowMs) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, expiresAtMs) {
      entries.delete(key);
      entries.set(key, { value, expiresAtMs });
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value!);
    },
    delete(key) {
      entries.delete(key);
    },
    clear() {
      entries.clear();
    },
  };
}
