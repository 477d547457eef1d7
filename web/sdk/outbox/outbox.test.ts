import { expect, test } from 'vitest';
import type { ClientStorage } from '../adapters.ts';
import { startingWith } from '../storage/key-order.ts';
import { memoryStorage } from '../storage/memory.ts';
import { FaultyStorage } from '../test-support/faulty-storage.ts';
import { outcomeEvent, predictionEvent, REMEMBERED } from '../test-support/test-events.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { EventGroup } from './records.ts';

const WRITER = { device: 'device', writer: 'writer' };

function open(storage: ClientStorage, nowMs = () => 1, maxEvents?: number): Outbox {
  return createOutbox({
    model: 'm',
    writer: WRITER,
    storage,
    adapters: { nowMs },
    maxEvents,
    onChange: () => undefined,
  });
}

const groupsOf = (storage: ClientStorage) =>
  storage.read(['events'], async (tx) =>
    (await tx.entries('events', startingWith('m'))).map(({ key, value }) => {
      const { to, isKept } = value as EventGroup;
      return { from: key[3], to, isKept };
    }),
  );

test('an id is given before anything is stored, and the event is stored within 100 ms', async () => {
  const storage = memoryStorage();
  const outbox = open(storage);
  expect(outbox.record(predictionEvent(), REMEMBERED)).toBe('device.writer:1');
  expect(outbox.record(predictionEvent(), REMEMBERED)).toBe('device.writer:2');
  expect(await groupsOf(storage)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await groupsOf(storage)).toEqual([{ from: 1, to: 2, isKept: false }]);
});

test('an outcome commits strictly, together with the predictions before it', async () => {
  const storage = new FaultyStorage(memoryStorage());
  const outbox = open(storage);
  const id = outbox.record(predictionEvent(), REMEMBERED);
  outbox.record(outcomeEvent(id));
  await outbox.commit('relaxed');
  expect(storage.durabilities).toEqual([{ stores: ['events', 'recent'], durability: 'strict' }]);
  expect(await groupsOf(storage)).toEqual([
    { from: 1, to: 1, isKept: false },
    { from: 2, to: 2, isKept: true },
  ]);
});

test('a prediction is found before and after it is stored, also by another client of the device', async () => {
  const storage = memoryStorage();
  const outbox = open(storage);
  const id = outbox.record(predictionEvent(), REMEMBERED);
  expect(await outbox.find(id)).toEqual(REMEMBERED);
  await outbox.commit('relaxed');
  expect(await outbox.find(id)).toEqual(REMEMBERED);
  expect(await open(storage).find(id)).toEqual(REMEMBERED);
  expect(await outbox.find('device.writer:2')).toBeNull();
  expect(await outbox.find('nonsense')).toBeNull();
});

test('when space runs out the oldest predictions go, outcomes stay, and the loss is told', async () => {
  const storage = new FaultyStorage(memoryStorage());
  const outbox = open(storage);
  const first = outbox.record(predictionEvent(), REMEMBERED);
  await outbox.commit('relaxed');
  outbox.record(outcomeEvent(first));
  await outbox.commit('strict');
  for (let i = 0; i < 3; i++) {
    outbox.record(predictionEvent(), REMEMBERED);
    await outbox.commit('relaxed');
  }
  storage.maxGroups = 5;
  outbox.record(predictionEvent(), REMEMBERED);
  await outbox.commit('relaxed');
  expect(await groupsOf(storage)).toEqual([
    { from: 2, to: 2, isKept: true },
    { from: 4, to: 4, isKept: false },
    { from: 5, to: 5, isKept: false },
    { from: 6, to: 6, isKept: false },
  ]);
  expect(outbox.status()).toMatchObject({ failure: null, droppedNow: 2 });
  const dropped = await storage.read(['meta'], (tx) => tx.get('meta', ['dropped', 'm']));
  expect(dropped).toEqual({ quota: 2, age: 0 });
  await outbox.commit('relaxed');
  const incident = await storage.read(['events'], async (tx) =>
    (await tx.entries('events', startingWith('m'), { reverse: true, limit: 1 })).map(
      ({ value }) => JSON.parse((value as EventGroup).lines) as unknown,
    ),
  );
  expect(incident).toMatchObject([{ type: 'incident', kind: 'storage', seq: 7 }]);
});

test('more events than the bound give way, the oldest predictions first', async () => {
  const storage = memoryStorage();
  const outbox = open(storage, () => 1, 20);
  for (let i = 0; i < 25; i++) {
    outbox.record(predictionEvent(), REMEMBERED);
    await outbox.commit('relaxed');
  }
  const groups = await groupsOf(storage);
  expect(groups.length).toBeLessThanOrEqual(21);
  expect(groups[groups.length - 1].to).toBeGreaterThanOrEqual(25);
});

test('a storage that fails is replaced by memory, and takes over again when it recovers', async () => {
  let nowMs = 0;
  const storage = new FaultyStorage(memoryStorage());
  const outbox = open(storage, () => nowMs);
  storage.failure = new Error('disk failed');
  const id = outbox.record(predictionEvent(), REMEMBERED);
  await outbox.commit('relaxed');
  expect(outbox.status().failure).toBe('disk failed');
  expect(outbox.storages().map(({ kind }) => kind)).toEqual(['memory', 'indexeddb']);
  expect(await outbox.find(id)).toEqual(REMEMBERED);
  storage.failure = null;
  nowMs = 60_000;
  outbox.record(predictionEvent(), REMEMBERED);
  await outbox.commit('relaxed');
  expect(outbox.status().failure).toBeNull();
  const stored = (await groupsOf(storage)).flatMap(({ from, to }) => [from, to]);
  expect(stored).toEqual([1, 1, 2, 2, 3, 3]);
});

test('memory that cannot be brought back keeps what it holds, and nothing is stored twice', async () => {
  let nowMs = 0;
  const storage = new FaultyStorage(memoryStorage());
  const outbox = open(storage, () => nowMs);
  storage.failure = new Error('disk failed');
  outbox.record(predictionEvent(), REMEMBERED);
  await outbox.commit('relaxed');
  storage.failure = null;
  storage.failWritesOf = 'dead';
  nowMs = 60_000;
  outbox.record(predictionEvent(), REMEMBERED);
  await outbox.commit('relaxed');
  const [memory, disk] = outbox.storages();
  const sequences = async (of: ClientStorage) => (await groupsOf(of)).map(({ from }) => from);
  expect([await sequences(memory), await sequences(disk)]).toEqual([[1], [2, 3]]);
});
