import { beforeAll, expect, test } from 'vitest';
import {
  digestOf,
  gzip,
  outcome,
  prediction,
  seal,
  sendBytes,
  sendEvents,
} from './test-support/batch.ts';
import { trustedPublisher } from './test-support/publisher.ts';
import { foldNow, objectOf } from './test-support/telemetry.ts';
import { publish } from './test-support/version.ts';
import type { TestWorkspace } from './test-support/workspace.ts';
import { createWorkspace, json, testEnv } from './test-support/workspace.ts';

let workspace: TestWorkspace;
let serial = 0;
const newDevice = () => `device-${++serial}`;

beforeAll(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
});

const problem = async (answer: Response): Promise<string> =>
  `${answer.status} ${(await json<{ type: string }>(answer)).type.split('/').at(-1)}`;

const objectsUnder = async (prefix: string): Promise<number> =>
  (await testEnv.BUCKET.list({ prefix: `w/${workspace.id}/${prefix}` })).objects.length;

test('numbers of lost events that cannot be are refused, and folding goes on', async () => {
  for (const lost of [1e300, 9e18, 2 ** 53]) {
    const dropped = { quota: lost, age: lost };
    const { bytes } = await seal([prediction(1)], { device: newDevice(), dropped });
    expect(await problem(await sendBytes(workspace, bytes))).toBe('400 bad-batch');
  }
  const before = await foldNow(workspace);
  await sendEvents(workspace, [prediction(1)], { device: newDevice() });
  const after = await foldNow(workspace);
  expect(after.totals.events).toBe(before.totals.events + 1);
});

test('values that no sum could hold are refused one by one, the largest that are taken leave true figures', async () => {
  const device = newDevice();
  await sendEvents(
    workspace,
    [
      prediction(1, { value: 1e70, features: { distance: -1e70, weather: 'dry' } }),
      outcome(2, { prediction: `${device}.writer01:1`, predicted: -1e70, value: 1e70 }),
      outcome(3, { prediction: `${device}.writer01:9`, predicted: 1e70, value: -1e70 }),
    ],
    { device },
  );
  const refused = await sendEvents(
    workspace,
    [
      prediction(4, { value: 1e308 }),
      prediction(5, { warnings: 1e300 }),
      outcome(6, { prediction: `${device}.writer01:4`, predicted: -1e308, value: 1e308 }),
    ],
    { device },
  );
  expect(refused.rejected.map(({ reason }) => reason)).toEqual([
    'invalid:value',
    'invalid:warnings',
    'invalid:value',
  ]);
  await foldNow(workspace);
  await sendEvents(workspace, [prediction(1)], { device: newDevice() });
  const { mae, rmse, outcomes } = await championOf(await foldNow(workspace));
  expect([mae, rmse, outcomes]).toEqual([2e70, 2e70, 2]);
});

const championOf = async (summary: Awaited<ReturnType<typeof foldNow>>) =>
  summary.versions.find((entry) => entry.version === '1.0.0')!;

test('a number beyond every double is a refused event, not a refused batch', async () => {
  const line = JSON.stringify(prediction(1)).replace('"value":30', '"value":1e999');
  const answer = await sendEvents(workspace, [line, prediction(2)], {
    device: newDevice(),
    from: 1,
  });
  expect(answer).toMatchObject({ accepted: 1, rejected: [{ seq: 1, reason: 'invalid:value' }] });
});

test('invented features and categories leave a profile no larger than its reference', async () => {
  const size = async (): Promise<number> =>
    (await sqlOf<{ size: number }>('SELECT sum(length(profile)) AS size FROM windows')).size;
  const at = Date.now();
  await sendEvents(workspace, [prediction(1, { at })], { device: newDevice() });
  await foldNow(workspace);
  const before = await size();
  const many = Array.from({ length: 1000 }, (_, i) =>
    prediction(i + 1, {
      at,
      features: { weather: `w-${i}`, [`invented-${i}`]: i, ['constructor']: 1, toString: 'x' },
    }),
  );
  await sendEvents(workspace, many, { device: newDevice() });
  await foldNow(workspace);
  expect((await size()) - before).toBeLessThan(500);
});

async function sqlOf<T>(query: string): Promise<T> {
  const { runInDurableObject } = await import('cloudflare:test');
  return runInDurableObject(objectOf(workspace), (_, state) =>
    state.storage.sql.exec(query).one(),
  ) as Promise<T>;
}

test('a feature named as an object’s own machinery changes nothing but itself', async () => {
  const line = JSON.stringify(prediction(1)).replace(
    '"features":{',
    '"features":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
  );
  const answer = await sendEvents(workspace, [line], { device: newDevice(), from: 1 });
  expect(answer.accepted + answer.rejected.length).toBe(1);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('a model named like a part of every object is refused, and asking for one finds nothing', async () => {
  const header = { device: newDevice(), model: 'constructor' };
  const { bytes } = await seal([prediction(1, { assigned: null, version: null })], header);
  expect(await problem(await sendBytes(workspace, bytes))).toBe('400 bad-batch');
  for (const model of ['constructor', '__proto__', 'toString', '..', 'a%2Fb', "x';--", '%00'])
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['GET', '/ledger'],
      ['POST', '/rollback'],
      ['POST', '/runs'],
    ]) {
      const body = method === 'GET' ? undefined : {};
      const { status } = await workspace.call(method, `/v1/models/${model}${path}`, body);
      expect([model, method, path, status]).toEqual([model, method, path, 404]);
    }
});

test('a version as long as a book is refused, and nothing remembers it', async () => {
  const version = `1.0.0-${'a'.repeat(3_000_000)}`;
  const answer = await sendEvents(workspace, [prediction(1, { version, assigned: version })], {
    device: newDevice(),
  });
  expect(answer.rejected).toEqual([{ seq: 1, reason: 'invalid:version' }]);
});

test('two first batches of a model at once make one audit entry', async () => {
  const version = { assigned: null, version: null };
  await Promise.all(
    Array.from({ length: 8 }, () =>
      sendEvents(workspace, [prediction(1, version)], { device: newDevice(), model: 'seen-once' }),
    ),
  );
  const { entries } = await json<{ entries: { subject: string }[] }>(
    workspace.call('GET', '/v1/audit?limit=500'),
  );
  expect(entries.filter(({ subject }) => subject === 'seen-once')).toHaveLength(1);
});

test('invented model ids stop at the bound, and a published model is not kept out', async () => {
  const crowded = await createWorkspace();
  const publisher = await trustedPublisher(crowded);
  const version = { assigned: null, version: null };
  const statuses: number[] = [];
  for (let i = 0; i < 203; i++) {
    const header = { device: newDevice(), model: `invented-${i}` };
    const { bytes } = await seal([prediction(1, version)], header);
    statuses.push((await sendBytes(crowded, bytes)).status);
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(200);
  expect(statuses.at(-1)).toBe(403);
  expect((await publish(crowded, publisher, { version: '1.0.0' })).status).toBe(201);
  expect(await sendEvents(crowded, [prediction(1)])).toMatchObject({ accepted: 1 });
});

test('a batch that names more versions than a device can have met is refused', async () => {
  const named = Array.from({ length: 200 }, (_, i) =>
    prediction(i + 1, { version: `7.0.${i}`, assigned: `7.0.${i}` }),
  );
  const { bytes } = await seal(named, { device: newDevice() });
  expect(await problem(await sendBytes(workspace, bytes))).toBe('400 bad-batch');
});

test('closing brackets of one line do not pay for opening ones of another', async () => {
  const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
  for (const prelude of [']'.repeat(4000), '"']) {
    const { bytes } = await seal([prelude, deep], { device: newDevice(), from: 1 });
    expect(await problem(await sendBytes(workspace, bytes))).toBe('400 bad-batch');
  }
});

test('gzip members in a row are one text or a refusal, never half of it', async () => {
  const device = newDevice();
  const { bytes } = await seal([prediction(1)], { device });
  const second = await gzip(
    Uint8Array.from(new TextEncoder().encode(`${JSON.stringify(prediction(2))}\n`)),
  );
  const both = new Uint8Array([...bytes, ...second]);
  expect(await problem(await sendBytes(workspace, both))).toMatch(/^400 (not-gzip|bad-batch)$/);
  expect(await sendEvents(workspace, [prediction(1)], { device })).toMatchObject({ accepted: 1 });
});

test('bytes after the end of a batch, and none at all, are refused', async () => {
  const { bytes } = await seal([prediction(1)], { device: newDevice() });
  const trailed = new Uint8Array([...bytes, 1, 2, 3]);
  expect(await problem(await sendBytes(workspace, trailed))).toBe('400 not-gzip');
  expect(await problem(await sendBytes(workspace, new Uint8Array()))).toBe('400 not-gzip');
  expect(await problem(await sendBytes(workspace, await gzip(new Uint8Array())))).toBe(
    '400 bad-batch',
  );
});

test('a batch id known to one model is free in another', async () => {
  const device = newDevice();
  const version = { assigned: null, version: null };
  const { header } = await seal([prediction(1)], { device });
  const { batch } = header;
  expect(await sendEvents(workspace, [prediction(1)], { device, batch })).toMatchObject({
    duplicate: false,
  });
  expect(
    await sendEvents(workspace, [prediction(1, version)], { device, batch, model: 'other-model' }),
  ).toMatchObject({ duplicate: false, accepted: 1 });
});

test('other bytes under the id of a batch that overlapped leave nothing in R2', async () => {
  const device = newDevice();
  await sendEvents(workspace, [prediction(1)], { device });
  const { header } = await seal([prediction(1)], { device });
  const { batch } = header;
  await sendEvents(workspace, [prediction(1)], { device, batch });
  const before = await objectsUnder('telemetry/parcel-time/');
  const { bytes } = await seal([prediction(5)], { device, batch });
  expect(await problem(await sendBytes(workspace, bytes))).toBe('409 batch-conflict');
  expect(await objectsUnder('telemetry/parcel-time/')).toBe(before);
});

test.each([
  ['a year ahead', 365],
  ['a year behind', -365],
])('a device whose clock is %s is placed by its own clock, unclamped', async (_, days) => {
  const offMs = days * 86_400_000;
  const { bytes } = await seal([prediction(1, { at: Date.now() + offMs - 60_000 })], {
    device: newDevice(),
    sealedAt: Date.now() + offMs,
  });
  const before = await sqlOf<{ clamped: number }>(CLAMPED);
  const answer = await sendBytes(workspace, bytes, {
    'Edgewise-Sent-At': String(Date.now() + offMs),
  });
  expect(await json(answer)).toMatchObject({ accepted: 1 });
  expect(await sqlOf(CLAMPED)).toEqual(before);
});

const CLAMPED = "SELECT clamped FROM counters WHERE name = 'ledger'";

test.each(['', 'soon', '1e999', '-1', 'NaN'])(
  'a send time of "%s" loses nothing',
  async (sentAt) => {
    const { bytes } = await seal([prediction(1)], { device: newDevice() });
    const answer = await sendBytes(workspace, bytes, { 'Edgewise-Sent-At': sentAt });
    expect(await json(answer)).toMatchObject({ accepted: 1 });
  },
);

test('quotes, wildcards and separators in a device’s name find nobody else’s events', async () => {
  for (const device of ["' OR 1=1 --", 'device_1', '%', 'device-1.', '../', '"'])
    expect(
      await json(
        workspace.call('GET', `/v1/models/parcel-time/ledger?device=${encodeURIComponent(device)}`),
      ),
    ).toMatchObject({ batches: 0, events: 0, outcomes: 0, writers: [] });
});

test('a digest of another algorithm is no digest', async () => {
  const { bytes } = await seal([prediction(1)], { device: newDevice() });
  const sha512 = (await digestOf(bytes)).replace('sha-256', 'sha-512');
  const answer = await sendBytes(workspace, bytes, { 'Content-Digest': sha512 });
  expect(await problem(answer)).toBe('400 digest-missing');
});
