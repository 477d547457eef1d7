import { expect, test } from 'vitest';
import { UnknownPredictionError } from '../errors.ts';
import { emptyTables, memoryStorage } from '../storage/memory.ts';
import { FaultyStorage } from '../test-support/faulty-storage.ts';
import { createPublisher } from '../test-support/publisher.ts';
import { ROW, testClient, testLocalStorage } from '../test-support/test-client.ts';
import { TestServer } from '../test-support/test-server.ts';

const MODEL = { intercept: 10, perKm: 2, inRain: 0 };

async function started() {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', MODEL));
  return { publisher, server };
}

/** A disk that looks like IndexedDB, so that what is persisted can be told from what is not. */
function disk() {
  const tables = emptyTables();
  const isEmpty = () => tables.events.length + tables.batches.length === 0;
  const device = () => tables.meta.find(({ key }) => key[0] === 'device')?.value ?? null;
  return { tables, isEmpty, device, open: async () => new FaultyStorage(memoryStorage(tables)) };
}

test('while consent is pending nothing is sent or stored, and what was recorded follows once it is given', async () => {
  const { publisher, server } = await started();
  const device = disk();
  await using client = testClient(server, publisher, {
    consent: 'pending',
    adapters: { storage: device.open },
  });
  await client.ready;
  const { id } = await client.predict(ROW);
  await client.recordOutcome(id as string, 20);
  expect(await client.flush()).toMatchObject({ waiting: 2, stopped: { reason: 'consent' } });
  expect([device.isEmpty(), device.device(), server.ledger.events.size]).toEqual([true, null, 0]);
  await client.setConsent('granted');
  await client.flush();
  expect(server.ledger.ofType('outcome')).toMatchObject([{ prediction: id, value: 20 }]);
  expect(device.device()).not.toBeNull();
});

test('consent denied erases the outbox and the device, and predictions answer without being recorded', async () => {
  const { publisher, server } = await started();
  const device = disk();
  await using client = testClient(server, publisher, { adapters: { storage: device.open } });
  await client.ready;
  server.isReachable = false;
  const { id } = await client.predict(ROW);
  await client.flush();
  expect(device.isEmpty()).toBe(false);
  await client.setConsent('denied');
  expect([device.isEmpty(), device.device(), client.status.device]).toEqual([true, null, null]);
  server.isReachable = true;
  const after = await client.predict(ROW);
  expect(after).toMatchObject({ id: null, value: 18, source: 'model' });
  await expect(client.recordOutcome(id as string, 1)).rejects.toThrow(UnknownPredictionError);
  expect(await client.flush()).toMatchObject({ batches: 0, waiting: 0 });
  expect(server.ledger.events.size).toBe(0);
});

test('without IndexedDB the client works from memory, says so, and tells the server', async () => {
  const { publisher, server } = await started();
  const storage = () => Promise.reject(new DOMException('not here', 'InvalidStateError'));
  await using client = testClient(server, publisher, { adapters: { storage } });
  await client.ready;
  const { id } = await client.predict(ROW);
  await client.recordOutcome(id as string, 20);
  expect(client.status.storage).toMatchObject({
    kind: 'memory',
    detail: 'InvalidStateError: not here',
  });
  expect(await client.flush()).toMatchObject({ waiting: 0, stopped: null });
  expect(server.ledger.ofType('incident')).toMatchObject([
    { kind: 'storage', detail: 'memory only: InvalidStateError: not here' },
  ]);
  expect(server.ledger.ofType('outcome')).toHaveLength(1);
});

test('a storage that fails in mid-flight costs no answer and no event of this page', async () => {
  const { publisher, server } = await started();
  const storage = new FaultyStorage(memoryStorage());
  await using client = testClient(server, publisher, {
    adapters: { storage: async () => storage },
  });
  await client.ready;
  await client.predict(ROW);
  await client.flush();
  storage.failure = new Error('the disk is gone');
  const { id, source } = await client.predict(ROW);
  expect(source).toBe('model');
  await client.recordOutcome(id as string, 20);
  expect(client.status.storage).toMatchObject({ kind: 'memory', detail: 'the disk is gone' });
  await client.flush();
  expect(server.ledger.ofType('prediction')).toHaveLength(2);
  expect(server.ledger.ofType('outcome')).toHaveLength(1);
});

test('storage that the browser erased is noticed and reported, and the device starts anew', async () => {
  const { publisher, server } = await started();
  const localStorage = testLocalStorage();
  const before = testClient(server, publisher, {
    adapters: { storage: disk().open, localStorage },
  });
  await before.ready;
  const lost = before.status.device;
  expect(before.status.storage.evicted).toBe(false);
  await before[Symbol.asyncDispose]();
  await using after = testClient(server, publisher, {
    adapters: { storage: disk().open, localStorage },
  });
  await after.ready;
  expect(after.status.storage.evicted).toBe(true);
  expect(after.status.device).not.toBe(lost);
  await after.flush();
  expect(server.ledger.ofType('incident')).toMatchObject([
    { kind: 'storage', detail: `evicted: what device ${lost} held is gone` },
  ]);
});

test('events of a tab that was closed are sent by the next one', async () => {
  const { publisher, server } = await started();
  const device = disk();
  server.isReachable = false;
  const first = testClient(server, publisher, { adapters: { storage: device.open } });
  await first.ready;
  const ids = [(await first.predict(ROW)).id, (await first.predict(ROW)).id];
  await first[Symbol.asyncDispose]();
  server.isReachable = true;
  await using second = testClient(server, publisher, { adapters: { storage: device.open } });
  await second.flush();
  expect([...server.ledger.events.keys()]).toEqual(ids);
});
