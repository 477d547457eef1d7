import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import type { ClientStorage } from '../adapters.ts';
import { indexedDbStorage } from './indexed-db.ts';
import { startingWith } from './key-order.ts';
import { emptyTables, memoryStorage } from './memory.ts';

type Opener = () => { first: Promise<ClientStorage>; again: () => Promise<ClientStorage> };

let databases = 0;
const openers: Record<string, Opener> = {
  memory: () => {
    const tables = emptyTables();
    const again = async () => memoryStorage(tables);
    return { first: again(), again };
  },
  indexeddb: () => {
    const name = `storage-${databases++}`;
    const again = () => indexedDbStorage(name);
    return { first: again(), again };
  },
};

describe.each(Object.keys(openers))('%s storage', (kind) => {
  test('what a transaction put, a later storage of the same name reads', async () => {
    const { first, again } = openers[kind]();
    const storage = await first;
    await storage.write(['meta'], 'strict', (tx) => tx.put('meta', ['device'], 'd1'));
    storage.close();
    const later = await again();
    expect(await later.read(['meta'], (tx) => tx.get('meta', ['device']))).toBe('d1');
  });

  test('a transaction that throws leaves nothing behind', async () => {
    const storage = await openers[kind]().first;
    await storage.write(['meta'], 'relaxed', (tx) => tx.put('meta', ['a'], 1));
    const failing = storage.write(['meta', 'events'], 'relaxed', async (tx) => {
      await tx.put('meta', ['a'], 2);
      await tx.put('events', ['m', 1], 'new');
      await tx.delete('meta', ['a']);
      throw new Error('stop here');
    });
    await expect(failing).rejects.toThrow('stop here');
    const left = await storage.read(['meta', 'events'], async (tx) => [
      await tx.get('meta', ['a']),
      await tx.count('events', startingWith('m')),
    ]);
    expect(left).toEqual([1, 0]);
  });

  test('entries put in one go are all there, also in several stores', async () => {
    const storage = await openers[kind]().first;
    const entries = [
      { store: 'events' as const, key: ['m', 1], value: 'one' },
      { store: 'recent' as const, key: ['m', 1], value: 'two' },
    ];
    await storage.putAll(entries, 'strict');
    const found = await storage.read(['events', 'recent'], async (tx) => [
      await tx.get('events', ['m', 1]),
      await tx.get('recent', ['m', 1]),
    ]);
    expect(found).toEqual(['one', 'two']);
  });

  test('keys are ordered part by part, numbers as numbers, and a prefix finds its own', async () => {
    const storage = await openers[kind]().first;
    await storage.write(['events'], 'relaxed', async (tx) => {
      for (const key of [
        ['m', 'w2', 1],
        ['m', 'w1', 10],
        ['m', 'w1', 9],
        ['n', 'w1', 1],
      ])
        await tx.put('events', key, key.join());
    });
    const values = (range: ReturnType<typeof startingWith>, options = {}) =>
      storage.read(['events'], async (tx) =>
        (await tx.entries('events', range, options)).map((entry) => entry.value),
      );
    expect(await values(startingWith('m'))).toEqual(['m,w1,9', 'm,w1,10', 'm,w2,1']);
    expect(await values(startingWith('m', 'w1'), { reverse: true, limit: 1 })).toEqual(['m,w1,10']);
    expect(await values({ from: ['m', 'w1', 10], to: ['m', 'w2', 1] })).toEqual([
      'm,w1,10',
      'm,w2,1',
    ]);
  });

  test('writes of the same stores follow one another', async () => {
    const storage = await openers[kind]().first;
    const increment = () =>
      storage.write(['meta'], 'relaxed', async (tx) => {
        const value = ((await tx.get('meta', ['n'])) as number | undefined) ?? 0;
        await tx.put('meta', ['n'], value + 1);
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await storage.read(['meta'], (tx) => tx.get('meta', ['n']))).toBe(20);
  });
});
