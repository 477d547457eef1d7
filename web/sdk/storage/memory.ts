import type { ClientStorage, Key, KeyRange, StoreName, Transaction } from '../adapters.ts';
import { STORES } from '../adapters.ts';
import { compareKeys } from './key-order.ts';

type Entry = { key: Key; value: unknown };
type Tables = Record<StoreName, Entry[]>;

/** What a memory storage holds; give the same to a second one and it continues there. */
export const emptyTables = (): Tables =>
  Object.fromEntries(STORES.map((store) => [store, []])) as unknown as Tables;

/**
 * The storage port in memory: private windows, consent not yet given, simulated devices. One
 * transaction at a time; one that throws leaves nothing behind. Values are handed over, not copied.
 */
export function memoryStorage(tables: Tables = emptyTables()): ClientStorage {
  let last: Promise<unknown> = Promise.resolve();
  const enqueue = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const run = last.then(() => runTransaction(tables, work));
    last = run.catch(() => undefined);
    return run;
  };
  return {
    kind: 'memory',
    read: (_stores, work) => enqueue(work),
    write: (_stores, _durability, work) => enqueue(work),
    putAll: (entries) =>
      enqueue(async (tx) => {
        for (const { store, key, value } of entries) await tx.put(store, key, value);
      }),
    close: () => undefined,
  };
}

async function runTransaction<T>(
  tables: Tables,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const undo: (() => void)[] = [];
  try {
    return await work(transaction(tables, undo));
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}

function transaction(tables: Tables, undo: (() => void)[]): Transaction {
  return {
    async get(store, key) {
      const table = tables[store];
      const at = firstAtOrAfter(table, key);
      return isAt(table, at, key) ? table[at].value : undefined;
    },
    async put(store, key, value) {
      const table = tables[store];
      undo.push(restore(table, key));
      const at = firstAtOrAfter(table, key);
      table.splice(at, isAt(table, at, key) ? 1 : 0, { key, value });
    },
    async delete(store, key) {
      const table = tables[store];
      undo.push(restore(table, key));
      const at = firstAtOrAfter(table, key);
      if (isAt(table, at, key)) table.splice(at, 1);
    },
    async entries(store, range, options = {}) {
      const found = within(tables[store], range);
      if (options.reverse) found.reverse();
      return found.slice(0, options.limit);
    },
    async count(store, range) {
      return within(tables[store], range).length;
    },
  };
}

/** Puts `key` back to what it is now. */
function restore(table: Entry[], key: Key): () => void {
  const at = firstAtOrAfter(table, key);
  const before = isAt(table, at, key) ? table[at] : null;
  return () => {
    const now = firstAtOrAfter(table, key);
    table.splice(now, isAt(table, now, key) ? 1 : 0, ...(before ? [before] : []));
  };
}

function within(table: Entry[], { from, to }: KeyRange): Entry[] {
  const start = firstAtOrAfter(table, from);
  let end = start;
  while (end < table.length && compareKeys(table[end].key, to) <= 0) end++;
  return table.slice(start, end);
}

const isAt = (table: Entry[], at: number, key: Key): boolean =>
  at < table.length && compareKeys(table[at].key, key) === 0;

function firstAtOrAfter(table: Entry[], key: Key): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(table[middle].key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
