import { beforeAll, expect, test } from 'vitest';
import { app } from './app.ts';
import { prediction, seal, sendBytes, sendEvents } from './test-support/batch.ts';
import { trustedPublisher } from './test-support/publisher.ts';
import { foldNow } from './test-support/telemetry.ts';
import { publish, uploadVersion } from './test-support/version.ts';
import type { TestWorkspace } from './test-support/workspace.ts';
import { createWorkspace, send, testEnv } from './test-support/workspace.ts';

let owner: TestWorkspace;
let stranger: TestWorkspace;
let artifact: string;

/** Words that only the owner's data holds. */
const SECRETS = ['parcel-time', '1.0.0', 'owner-flag', 'owner-device'];

beforeAll(async () => {
  [owner, stranger] = [await createWorkspace(), await createWorkspace()];
  const publisher = await trustedPublisher(owner);
  await publish(owner, publisher, { version: '1.0.0' });
  artifact = (await uploadVersion(owner, { version: '1.0.0' })).files[0].sha256;
  const rollout = { version: '1.0.0', strategy: 'all' };
  await owner.call('POST', '/v1/models/parcel-time/rollouts', rollout);
  await owner.call('PUT', '/v1/flags/owner-flag', { enabled: true, basisPoints: 0, on: 1, off: 0 });
  const revoked = [{ model: 'parcel-time', version: '0.1.0', why: 'old' }];
  const issuedAt = '2026-11-21T00:00:00.000Z';
  const list = await publisher.sign({ schemaVersion: 1, serial: 1, issuedAt, revoked });
  await owner.call('PUT', '/v1/revocations', list);
  await sendEvents(owner, [prediction(1)], { device: 'owner-device' });
  await foldNow(owner);
});

/** Every route the Worker has, with the owner's names in its path. */
const routes = [...new Set(app.routes.map(({ method, path }) => `${method} ${path}`))]
  .filter((route) => !route.startsWith('ALL '))
  .map((route) => route.split(' ') as [method: string, path: string]);

const fill = (path: string): string =>
  path
    .replace(':sha256', artifact)
    .replace(':model', 'parcel-time')
    .replace(':version', '1.0.0')
    .replace('flags/:key', 'flags/owner-flag');

const BODIES: Record<string, unknown> = {
  'PATCH /v1/models/:model': { mlEnabled: false },
  'POST /v1/models/:model/rollouts': { version: '1.0.0', strategy: 'all' },
  'POST /v1/models/:model/silences': { rule: '*', durationMs: 1000, why: '' },
  'POST /v1/models/:model/outcomes': {
    outcomes: [
      {
        predictionId: 'owner-device.writer01:1',
        value: 1,
        observedAt: '2026-11-20T00:00:00.000Z',
      },
    ],
  },
  'POST /ofrep/v1/evaluate/flags': { context: { targetingKey: 'u', useCase: 'parcel-time' } },
  'POST /ofrep/v1/evaluate/flags/:key': { context: { targetingKey: 'u' } },
};

const OPEN_ROUTES = ['GET /health', 'POST /v1/console/sessions'];

test('the walk covers every route of docs/architecture.md', () => {
  expect(routes.length).toBeGreaterThanOrEqual(30);
});

test('no route answers without a key, but health and the exchange of a code', async () => {
  for (const [method, path] of routes) {
    const { status } = await send(method, fill(path), {
      body: method === 'GET' ? undefined : '{}',
    });
    const isOpen = OPEN_ROUTES.includes(`${method} ${path}`);
    expect([method, path, status === 401]).toEqual([method, path, !isOpen]);
  }
});

test('with another workspace’s keys no route reads the owner’s data', async () => {
  for (const [method, path] of routes.filter(([method]) => method === 'GET')) {
    if (path === '/v1/stream' || path === '/v1/live') continue;
    const answer = await send(method, fill(path), { key: stranger.secretKey });
    const text = await answer.text();
    if (answer.status === 200)
      for (const secret of SECRETS) expect([path, text.includes(secret)]).toEqual([path, false]);
    else expect([path, answer.status]).toEqual([path, 404]);
  }
});

test('with another workspace’s keys no route changes what the owner has', async () => {
  const before = await snapshot();
  for (const [method, path] of routes.filter(([method]) => method !== 'GET')) {
    const body = BODIES[`${method} ${path}`] ?? {};
    const answer = await send(method, fill(path), { key: stranger.secretKey, body });
    expect([method, path, answer.status < 500]).toEqual([method, path, true]);
  }
  expect(await snapshot()).toEqual(before);
});

test('the same batch in two workspaces is two batches', async () => {
  const { bytes } = await seal([prediction(1, { assigned: null, version: null })], {
    device: 'shared-device',
  });
  await sendBytes(owner, bytes);
  const answer = await sendBytes(stranger, bytes);
  expect(await answer.json()).toMatchObject({ duplicate: false, accepted: 1 });
});

test('a route that is not there is a problem, not a page', async () => {
  const answer = await owner.call('GET', '/v1/no-such-route');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
  expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
});

/** Everything in D1 and R2 that bears the owner's name. */
async function snapshot(): Promise<unknown> {
  const { results: tables } = await testEnv.DB.prepare(
    "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE '%sqlite%' AND name NOT LIKE '%cf%'",
  ).all<{ name: string }>();
  const rows: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const { results: columns } = await testEnv.DB.prepare(
      `SELECT name FROM pragma_table_info('${name}') WHERE name = 'workspace'`,
    ).all();
    if (columns.length === 0) continue;
    const { results } = await testEnv.DB.prepare(`SELECT * FROM ${name} WHERE workspace = ?`)
      .bind(owner.id)
      .all();
    rows[name] = results;
  }
  const { objects } = await testEnv.BUCKET.list({ prefix: `w/${owner.id}/` });
  return { rows, objects: objects.map(({ key, etag }) => [key, etag]) };
}
