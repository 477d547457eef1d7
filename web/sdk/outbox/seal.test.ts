import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../../shared/core/rng.ts';
import type { ClientStorage } from '../adapters.ts';
import { memoryStorage } from '../storage/memory.ts';
import { ExactLedger } from '../test-support/exact-ledger.ts';
import { outcomeEvent, predictionEvent, REMEMBERED } from '../test-support/test-events.ts';
import { dropRefusedFor, makeRoom } from './make-room.ts';
import { groupsOf, type PendingEvent } from './pending-events.ts';
import type { SealedBatch } from './records.ts';
import { sealNext } from './seal.ts';

const rng = createRng(1);

/** Commits these events of one writer, starting at `from`. */
function commit(storage: ClientStorage, writer: string, from: number, kinds: readonly boolean[]) {
  const pending: PendingEvent[] = kinds.map((isOutcome, i) => ({
    seq: from + i,
    event: isOutcome ? outcomeEvent(`device.${writer}:1`) : predictionEvent(i),
    remembered: isOutcome ? null : REMEMBERED,
  }));
  const at = { model: 'm-1', writer: { device: 'device', writer }, nowMs: from };
  return storage.putAll(groupsOf(pending, at), 'relaxed');
}

async function sealAll(storage: ClientStorage, maxEvents?: number): Promise<SealedBatch[]> {
  const batches: SealedBatch[] = [];
  for (;;) {
    const batch = await sealNext(storage, { model: 'm-1', nowMs: 1e12, rng, maxEvents });
    if (!batch) return batches;
    batches.push(batch);
  }
}

const commits = fc.array(
  fc.record({
    writer: fc.constantFrom('writer-a', 'writer-b', 'writer-c'),
    kinds: fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
  }),
  { maxLength: 25 },
);

test('whatever was committed, each event is in exactly one batch, and every batch is one range of one writer', async () => {
  await fc.assert(
    fc.asyncProperty(commits, fc.integer({ min: 1, max: 60 }), async (given, maxEvents) => {
      const storage = memoryStorage();
      const next = new Map<string, number>();
      for (const { writer, kinds } of given) {
        const from = next.get(writer) ?? 1;
        await commit(storage, writer, from, kinds);
        next.set(writer, from + kinds.length);
      }
      const ledger = new ExactLedger();
      for (const { body, digest } of await sealAll(storage, maxEvents))
        await ledger.append(body, `sha-256=:${digest}:`);
      const expected = [...next].flatMap(([writer, end]) =>
        Array.from({ length: end - 1 }, (_, i) => `device.${writer}:${i + 1}`),
      );
      expect([...ledger.events.keys()].toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 60 },
  );
});

test('what was dropped splits the range, and the count travels once', async () => {
  const storage = memoryStorage();
  await commit(storage, 'writer-a', 1, [true]);
  await commit(storage, 'writer-a', 2, [false, false]);
  await commit(storage, 'writer-a', 4, [true]);
  expect(await makeRoom(storage, { model: 'm-1', events: 1, includesKept: false })).toBe(2);
  const headers = (await sealAll(storage)).map(({ header }) => header);
  expect(headers).toMatchObject([
    { from: 1, to: 1, dropped: { quota: 2, age: 0 } },
    { from: 4, to: 4, dropped: { quota: 0, age: 0 } },
  ]);
});

test('outcomes go only when the caller says so and no prediction is left', async () => {
  const storage = memoryStorage();
  await commit(storage, 'writer-a', 1, [false]);
  await commit(storage, 'writer-a', 2, [true]);
  const room = { model: 'm-1', events: 10 };
  expect(await makeRoom(storage, { ...room, includesKept: false })).toBe(1);
  expect(await makeRoom(storage, { ...room, includesKept: true })).toBe(1);
});

test('a batch that is dropped hands on the counts that it carried', async () => {
  const storage = memoryStorage();
  await commit(storage, 'writer-a', 1, [false, false]);
  await makeRoom(storage, { model: 'm-1', events: 1, includesKept: false });
  await commit(storage, 'writer-a', 3, [false]);
  const [first] = await sealAll(storage);
  expect(first.header.dropped).toEqual({ quota: 2, age: 0 });
  await makeRoom(storage, { model: 'm-1', events: 1, includesKept: false });
  await commit(storage, 'writer-a', 4, [false]);
  const [second] = await sealAll(storage);
  expect(second.header.dropped).toEqual({ quota: 3, age: 0 });
});

test('what was refused for too long is dropped and counted as age, what was never sent stays', async () => {
  const storage = memoryStorage();
  await commit(storage, 'writer-a', 1, [false, true]);
  const [refused] = await sealAll(storage);
  await storage.write(['batches'], 'relaxed', (tx) =>
    tx.put('batches', ['m-1', refused.header.batch], {
      ...refused,
      refusals: { lastAtMs: 0, forMs: 5, damaged: 0 },
    }),
  );
  await commit(storage, 'writer-a', 3, [true]);
  expect(await dropRefusedFor(storage, 'm-1', 6)).toBe(0);
  expect(await dropRefusedFor(storage, 'm-1', 5)).toBe(2);
  const [batch] = await sealAll(storage);
  expect(batch.header).toMatchObject({ from: 3, to: 3, dropped: { quota: 0, age: 2 } });
});

test('two tabs that seal at once make no event travel twice', async () => {
  const storage = memoryStorage();
  await commit(storage, 'writer-a', 1, Array(40).fill(false));
  await commit(storage, 'writer-b', 1, Array(40).fill(false));
  const ledger = new ExactLedger();
  const both = await Promise.all([sealAll(storage, 10), sealAll(storage, 10)]);
  for (const { body, digest } of both.flat()) await ledger.append(body, `sha-256=:${digest}:`);
  expect(ledger.events.size).toBe(80);
});
