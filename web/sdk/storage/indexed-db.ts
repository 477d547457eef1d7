import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { ClientStorage, Key, KeyRange, StoreName, Transaction } from '../adapters.ts';
import { STORES } from '../adapters.ts';

const SCHEMA_VERSION = 1;

/**
 * The storage port over IndexedDB. Model files live here too, not in Cache Storage: activating a
 * version and forgetting an old one is then one transaction with the pointer, and it works where
 * there is no Cache Storage (insecure origins, some embedded views).
 */
export async function indexedDbStorage(name: string): Promise<ClientStorage> {
  let database: IDBPDatabase | null = await openDatabase(name, () => {
    database = null;
  });

  const opened = async (): Promise<IDBPDatabase> => {
    database ??= await openDatabase(name, () => {
      database = null;
    });
    return database;
  };

  const run = async <T, M extends 'readonly' | 'readwrite'>(
    stores: readonly StoreName[],
    mode: M,
    durability: 'relaxed' | 'strict',
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> => {
    const tx = (await opened()).transaction(stores as StoreName[], mode, { durability });
    const done = tx.done.then(
      () => null,
      (error: unknown) => ({ error }),
    );
    try {
      const result = await work(operations(tx));
      const failure = await done;
      if (failure) throw tx.error ?? failure.error;
      return result;
    } catch (error) {
      abort(tx);
      await done;
      // A quota failure arrives as the transaction's error; the request that met it says less.
      throw tx.error ?? error;
    }
  };

  return {
    kind: 'indexeddb',
    read: (stores, work) => run(stores, 'readonly', 'relaxed', work),
    write: (stores, durability, work) => run(stores, 'readwrite', durability, work),
    async putAll(entries, durability) {
      const stores = [...new Set(entries.map(({ store }) => store))];
      const tx = (await opened()).transaction(stores, 'readwrite', { durability });
      for (const { store, key, value } of entries)
        tx.objectStore(store)
          .put(value, [...key])
          .catch(() => undefined); // The transaction's own error says it.
      // Without this the commit would wait for the page to hear of each put.
      tx.commit();
      await tx.done.catch((error: unknown) => {
        throw tx.error ?? error;
      });
    },
    close: () => database?.close(),
  };
}

function openDatabase(name: string, onLost: () => void): Promise<IDBPDatabase> {
  return openDB(name, SCHEMA_VERSION, {
    upgrade(database) {
      for (const store of STORES) database.createObjectStore(store);
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onLost();
    },
    terminated: onLost,
  });
}

function abort(tx: IDBPTransaction<unknown, StoreName[], IDBTransactionMode>): void {
  try {
    tx.abort();
  } catch (error) {
    // Already finished, which is what was wanted.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

function operations(tx: IDBPTransaction<unknown, StoreName[], IDBTransactionMode>): Transaction {
  const writable = (store: StoreName) =>
    (tx as IDBPTransaction<unknown, StoreName[], 'readwrite'>).objectStore(store);
  return {
    get: (store, key) => tx.objectStore(store).get([...key]),
    async put(store, key, value) {
      await writable(store).put(value, [...key]);
    },
    async delete(store, key) {
      await writable(store).delete([...key]);
    },
    async entries(store, range, options = {}) {
      const found: { key: Key; value: unknown }[] = [];
      const limit = options.limit ?? Number.POSITIVE_INFINITY;
      if (limit <= 0) return found;
      const direction = options.reverse ? 'prev' : 'next';
      let cursor = await tx.objectStore(store).openCursor(bounds(range), direction);
      while (cursor) {
        found.push({ key: cursor.key as (string | number)[], value: cursor.value });
        if (found.length >= limit) break;
        cursor = await cursor.continue();
      }
      return found;
    },
    count: (store, range) => tx.objectStore(store).count(bounds(range)),
  };
}

const bounds = ({ from, to }: KeyRange): IDBKeyRange => IDBKeyRange.bound([...from], [...to]);
