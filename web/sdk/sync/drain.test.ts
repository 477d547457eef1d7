import { beforeEach, expect, test } from 'vitest';
import { createRng } from '../../../shared/core/rng.ts';
import { DAY_MS } from '../../../shared/core/time.ts';
import type { ClientStorage } from '../adapters.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import { memoryStorage } from '../storage/memory.ts';
import { predictionEvent, REMEMBERED } from '../test-support/test-events.ts';
import { ENDPOINT, TestServer } from '../test-support/test-server.ts';
import { countDeadLetters } from './dead-letters.ts';
import { type DrainOptions, drain } from './drain.ts';

let storage: ClientStorage;
let outbox: Outbox;
let server: TestServer;
let nowMs: number;
const rng = createRng(7);

beforeEach(() => {
  storage = memoryStorage();
  server = new TestServer();
  nowMs = 1e12;
  outbox = createOutbox({
    model: 'test-case',
    writer: { device: 'device', writer: 'writer' },
    storage,
    adapters: { nowMs: () => nowMs },
    onChange: () => undefined,
  });
});

async function record(events: number): Promise<void> {
  for (let i = 0; i < events; i++) outbox.record(predictionEvent(), REMEMBERED);
  await outbox.commit('relaxed');
}

const send = (options: Partial<DrainOptions> = {}) =>
  drain({
    storage,
    model: 'test-case',
    destination: { endpoint: ENDPOINT, publishableKey: 'pk_test' },
    adapters: {
      fetch: server.fetch,
      nowMs: () => nowMs,
      locks: { withLock: (_name, _timeoutMs, work) => work() },
      rng,
    },
    isForced: false,
    ...options,
  });

const respond = (status: number, headers: Record<string, string> = {}) => {
  server.before = () => new Response('no', { status, headers });
};

test('a batch leaves the device when it is acknowledged, and not before', async () => {
  await record(3);
  server.after = () => new Response('gateway', { status: 502 });
  expect(await send()).toMatchObject({ batches: 0, stopped: { reason: 'server' } });
  expect(server.ledger.events.size).toBe(3);
  server.after = () => null;
  expect(await send({ isForced: true })).toMatchObject({ batches: 1, duplicates: 1, accepted: 3 });
  expect(server.ledger).toMatchObject({ duplicates: 1 });
  expect(await send()).toMatchObject({ batches: 0, stopped: null });
});

test.each([
  ['a page of a captive portal', '<html>Welcome</html>'],
  [
    'an acknowledgement of another batch',
    JSON.stringify({
      batch: 'another',
      duplicate: false,
      accepted: 3,
      rejected: [],
      flushSize: 20,
      flagsVersion: 1,
    }),
  ],
])('%s is no acknowledgement', async (_, body) => {
  await record(3);
  server.before = () => new Response(body, { status: 200 });
  expect(await send()).toMatchObject({ batches: 0, stopped: { reason: 'offline' } });
  server.before = () => null;
  expect(await send({ isForced: true })).toMatchObject({ accepted: 3 });
});

test.each([408, 429, 500, 503])('status %i keeps the batch for later', async (status) => {
  await record(1);
  respond(status);
  expect(await send()).toMatchObject({ stopped: { reason: 'server' } });
  server.before = () => null;
  expect(await send({ isForced: true })).toMatchObject({ accepted: 1 });
});

test.each([401, 403, 404])(
  'status %i keeps the batch until someone mends the deployment',
  async (status) => {
    await record(1);
    respond(status);
    expect(await send()).toMatchObject({ stopped: { reason: 'unauthorised', retryInMs: 300_000 } });
    server.before = () => null;
    expect(await send({ isForced: true })).toMatchObject({ accepted: 1 });
  },
);

test.each([400, 409, 413, 422])(
  'status %i buries the batch, and the next one goes on',
  async (status) => {
    await record(2);
    let isFirst = true;
    server.before = () => {
      if (!isFirst) return null;
      isFirst = false;
      return new Response('never', { status });
    };
    const buried: number[] = [];
    const report = await send({ onDead: (_batch, refusedWith) => buried.push(refusedWith) });
    expect(report).toMatchObject({ batches: 0, rejected: 2, stopped: null });
    expect(buried).toEqual([status]);
    expect(await countDeadLetters(storage, 'test-case')).toBe(2);
    await record(1);
    expect(await send()).toMatchObject({ accepted: 1 });
  },
);

const damage = (request: Request) => {
  const problem = { type: 'https://edgewise.dev/problems/digest-mismatch', status: 400 };
  return request.url.includes('/batches') ? Response.json(problem, { status: 400 }) : null;
};

test('a batch that was damaged on the way is sent again', async () => {
  await record(2);
  server.before = damage;
  expect(await send()).toMatchObject({ rejected: 0, stopped: { reason: 'server' } });
  server.before = () => null;
  expect(await send({ isForced: true })).toMatchObject({ accepted: 2 });
});

test('a batch that arrives damaged each time is buried after six', async () => {
  await record(2);
  // Tries that reached no server say nothing of the bytes.
  server.isReachable = false;
  for (let i = 0; i < 10; i++) await send({ isForced: true });
  server.isReachable = true;
  server.before = damage;
  for (let i = 0; i < 5; i++) expect(await send({ isForced: true })).toMatchObject({ rejected: 0 });
  expect(await countDeadLetters(storage, 'test-case')).toBe(0);
  expect(await send({ isForced: true })).toMatchObject({ rejected: 2, stopped: null });
  expect(await countDeadLetters(storage, 'test-case')).toBe(2);
});

test('Retry-After is kept, and only an explicit flush goes before it', async () => {
  await record(1);
  respond(429, { 'Retry-After': '120' });
  expect(await send()).toMatchObject({ stopped: { retryInMs: 120_000 } });
  server.before = () => null;
  nowMs += 119_000;
  expect(await send()).toMatchObject({ batches: 0, stopped: { retryInMs: 1_000 } });
  nowMs += 1_000;
  expect(await send()).toMatchObject({ batches: 1, stopped: null });
});

test('while a batch waits, what is recorded meanwhile becomes one more batch and not many', async () => {
  server.isReachable = false;
  for (let i = 0; i < 10; i++) {
    await record(5);
    await send({ isForced: true });
  }
  server.isReachable = true;
  expect(await send({ isForced: true })).toMatchObject({ batches: 2, accepted: 50 });
});

test('what the server has refused for 30 days is given up, and the next batch says how much', async () => {
  await record(4);
  respond(401);
  for (let day = 0; day < 30; day++) {
    await send({ isForced: true });
    nowMs += DAY_MS;
  }
  await send({ isForced: true });
  await record(1);
  server.before = () => null;
  const aged: number[] = [];
  await send({ onAged: (events) => aged.push(events) });
  expect(aged).toEqual([4]);
  expect([...server.ledger.events.keys()]).toEqual(['device.writer:5']);
  expect(server.ledger.dropped).toEqual({ quota: 0, age: 4 });
});

test.each([
  ['was never tried', () => undefined],
  ['was refused once', () => respond(503)],
  [
    'never reached the server',
    () => {
      server.isReachable = false;
    },
  ],
])('a clock set a year ahead drops nothing that %s', async (_, disturb) => {
  await record(4);
  disturb();
  await send({ isForced: true });
  nowMs += 365 * DAY_MS;
  await send({ isForced: true });
  server.isReachable = true;
  server.before = () => null;
  await send({ isForced: true });
  expect(server.ledger.events.size).toBe(4);
  expect(server.ledger.dropped).toEqual({ quota: 0, age: 0 });
});

test('a clock set back a year makes nothing wait a year', async () => {
  await record(4);
  respond(503);
  await send({ isForced: true });
  server.before = () => null;
  nowMs -= 365 * DAY_MS;
  expect(await send()).toMatchObject({ accepted: 4 });
});

test('a month out of reach ages nothing, however often it was tried', async () => {
  await record(4);
  server.isReachable = false;
  for (let day = 0; day < 40; day++) {
    await send({ isForced: true });
    nowMs += DAY_MS;
  }
  server.isReachable = true;
  expect(await send({ isForced: true })).toMatchObject({ accepted: 4 });
});

test('on the way out only a batch that fits a keepalive request asks for one', async () => {
  await record(3);
  const keepalive: unknown[] = [];
  const fetchAndNote: typeof fetch = (input, init) => {
    keepalive.push(init?.keepalive);
    return server.fetch(input, init);
  };
  const { adapters } = { adapters: { fetch: fetchAndNote, nowMs: () => nowMs, rng: Math.random } };
  const locks = { withLock: <T>(_: string, __: number, work: () => Promise<T>) => work() };
  await send({ keepalive: true, adapters: { ...adapters, locks } });
  expect(keepalive).toEqual([true]);
});
