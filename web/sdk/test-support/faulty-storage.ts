import type { ClientStorage, StoreName } from '../adapters.ts';

/** A storage that fails as a browser's does, when and how a test says. */
export class FaultyStorage implements ClientStorage {
  readonly kind = 'indexeddb';
  readonly #inner: ClientStorage;
  /** Thrown by the next writes; null lets them through. */
  failure: Error | null = null;
  /** Transactions that include this store fail. */
  failWritesOf: StoreName | null = null;
  /** Writes that add events fail with a quota error while more than this many groups are stored. */
  maxGroups = Number.POSITIVE_INFINITY;
  readonly durabilities: { stores: readonly StoreName[]; durability: string }[] = [];

  constructor(inner: ClientStorage) {
    this.#inner = inner;
  }

  read: ClientStorage['read'] = (stores, work) => this.#inner.read(stores, work);

  write: ClientStorage['write'] = async (stores, durability, work) => {
    if (this.failure) throw this.failure;
    if (this.failWritesOf && stores.includes(this.failWritesOf)) throw quotaError();
    this.durabilities.push({ stores, durability });
    return this.#inner.write(stores, durability, async (tx) => {
      const everything = { from: ['a'], to: ['\uffff'] };
      const before = stores.includes('events') ? await tx.count('events', everything) : 0;
      const result = await work(tx);
      const after = stores.includes('events') ? await tx.count('events', everything) : 0;
      if (after > before && after > this.maxGroups) throw quotaError();
      return result;
    });
  };

  putAll: ClientStorage['putAll'] = (entries, durability) =>
    this.write([...new Set(entries.map(({ store }) => store))], durability, async (tx) => {
      for (const { store, key, value } of entries) await tx.put(store, key, value);
    });

  close(): void {
    this.#inner.close();
  }
}

export const quotaError = (): Error =>
  new DOMException('The quota is used up', 'QuotaExceededError');
