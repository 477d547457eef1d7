import { beforeAll, expect, test } from 'vitest';
import { insertConfiguration, latestConfiguration } from '../store/flag-configurations.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, ORIGIN, send, testEnv } from '../test-support/workspace.ts';

const BULK = '/ofrep/v1/evaluate/flags';
const CONTEXT = { targetingKey: 'user-1', useCase: 'parcel-time' };

type Bulk = {
  flags: { key: string; value?: unknown; variant?: string; errorCode?: string }[];
  eventStreams: { type: string; url: string; inactivityDelaySec: number }[];
};

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace({ allowedOrigins: ['https://shop.example'] });
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
  const rollout = { version: '1.0.0', strategy: 'all' };
  await workspace.call('POST', '/v1/models/parcel-time/rollouts', rollout);
});

const evaluate = (
  context: unknown = CONTEXT,
  options: { path?: string; headers?: Record<string, string> } = {},
) =>
  send('POST', options.path ?? BULK, {
    key: workspace.publishableKey,
    body: { context },
    headers: options.headers,
  });

const flag = async (key: string, path?: string) =>
  (await json<Bulk>(evaluate(CONTEXT, { path }))).flags.find((answer) => answer.key === key);

test('the bulk answer carries the model’s flags, the signed manifest and the event stream', async () => {
  const { flags, eventStreams } = await json<Bulk>(evaluate());
  expect(flags.map(({ key, variant }) => [key, variant])).toEqual([
    ['ml-enabled', 'on'],
    ['ml-traffic-percentage', 'percentage'],
    ['fallback-on-error', 'on'],
    ['model', 'champion'],
  ]);
  expect(flags[3].value).toMatchObject({
    status: 'assigned',
    manifest: { keyId: expect.any(String) },
  });
  expect(eventStreams).toEqual([
    {
      type: 'sse',
      url: `${ORIGIN}/v1/stream?key=${workspace.publishableKey}`,
      inactivityDelaySec: 120,
    },
  ]);
});

test('a secret key is never put into an address: its answer names no stream', async () => {
  const answer = await workspace.call('POST', BULK, { context: CONTEXT });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text).not.toContain(workspace.secretKey);
  expect(JSON.parse(text)).not.toHaveProperty('eventStreams');
});

test('the ETag speaks of the answer for this context: another context gets no 304 for it', async () => {
  const etag = (await evaluate()).headers.get('ETag')!;
  const headers = { 'If-None-Match': etag };
  expect((await evaluate(CONTEXT, { headers })).status).toBe(304);
  expect((await evaluate({ ...CONTEXT, useCase: 'other' }, { headers })).status).toBe(200);
});

test('a single flag is evaluated, an unknown one is 404 FLAG_NOT_FOUND', async () => {
  const one = await evaluate(CONTEXT, { path: `${BULK}/ml-enabled` });
  expect(await json(one)).toMatchObject({ key: 'ml-enabled', value: true, reason: 'STATIC' });
  const unknown = await evaluate(CONTEXT, { path: `${BULK}/no-such-flag` });
  expect(unknown.status).toBe(404);
  expect(await json(unknown)).toMatchObject({ key: 'no-such-flag', errorCode: 'FLAG_NOT_FOUND' });
});

test('a flag that needs a bucket fails alone when there is no targeting key', async () => {
  const own = { enabled: true, basisPoints: 5000, on: 'new', off: 'old' };
  await workspace.call('PUT', '/v1/flags/checkout', own);
  const { flags } = await json<Bulk>(
    evaluate({ useCase: 'parcel-time' }, { path: `${BULK}?flagConfigEtag=0` }),
  );
  expect(flags.find(({ key }) => key === 'checkout')?.errorCode).toBe('TARGETING_KEY_MISSING');
  expect(flags.find(({ key }) => key === 'ml-enabled')?.value).toBe(true);
});

test.each([
  ['no JSON', 'not json', 'PARSE_ERROR'],
  ['no context', '{}', 'INVALID_CONTEXT'],
  ['a list as context', '{"context":[]}', 'INVALID_CONTEXT'],
  ['a number as targeting key', '{"context":{"targetingKey":7}}', 'INVALID_CONTEXT'],
  ['JSON nested too deep', `{"context":${'['.repeat(50)}${']'.repeat(50)}}`, 'PARSE_ERROR'],
])('a request with %s is 400 %s', async (_, body, errorCode) => {
  const answer = await send('POST', BULK, { key: workspace.publishableKey, body });
  expect(answer.status).toBe(400);
  expect(await json(answer)).toMatchObject({ errorCode });
});

test('an unknown key is 401 without a body', async () => {
  const answer = await send('POST', BULK, { key: `pk_${'A'.repeat(43)}`, body: { context: {} } });
  expect([answer.status, await answer.text()]).toEqual([401, '']);
});

test('X-API-Key is as good as a bearer token', async () => {
  const answer = await send('POST', BULK, {
    headers: { 'X-API-Key': workspace.publishableKey },
    body: { context: CONTEXT },
  });
  expect(answer.status).toBe(200);
});

test('a kill switch thrown in another isolate cannot stick: who is told of it reads the database', async () => {
  await flag('ml-enabled');
  const current = await latestConfiguration(testEnv.DB, workspace.id);
  const models = structuredClone(current.models);
  models['parcel-time'].mlEnabled = false;
  const configuration = { ...current, models, version: current.version + 1 };
  const createdAt = new Date().toISOString();
  await insertConfiguration(testEnv.DB, workspace.id, { configuration, createdAt }).run();

  expect((await flag('ml-enabled'))?.value).toBe(true);
  const told = `${BULK}?flagConfigEtag=${configuration.version}`;
  expect((await flag('ml-enabled', told))?.value).toBe(false);
  expect((await flag('model', told))?.value).toMatchObject({ status: 'killed' });
  expect((await flag('ml-enabled'))?.value).toBe(false);
  await workspace.call('PATCH', '/v1/models/parcel-time', { mlEnabled: true });
  expect((await flag('ml-enabled'))?.value).toBe(true);
});

test('only allowed origins may read answers, and may read ETag and Retry-After', async () => {
  const from = (origin: string) => evaluate(CONTEXT, { headers: { Origin: origin } });
  const allowed = (await from('https://shop.example')).headers;
  expect(allowed.get('Access-Control-Allow-Origin')).toBe('https://shop.example');
  expect(allowed.get('Access-Control-Expose-Headers')).toContain('ETag, Retry-After');
  expect(
    (await from('https://evil.example')).headers.get('Access-Control-Allow-Origin'),
  ).toBeNull();
});

test('a preflight names the headers the SDK sends, to allowed origins alone', async () => {
  const preflight = (origin: string) => send('OPTIONS', BULK, { headers: { Origin: origin } });
  const { headers } = await preflight('https://shop.example');
  for (const name of ['Authorization', 'Content-Digest', 'Edgewise-Sent-At', 'If-None-Match'])
    expect(headers.get('Access-Control-Allow-Headers')).toContain(name);
  expect(headers.get('Access-Control-Allow-Headers')).not.toContain('Idempotency-Key');
  const refused = await preflight('https://evil.example');
  expect(refused.headers.get('Access-Control-Allow-Origin')).toBeNull();
});

test('settings out of range and unknown settings are refused with the field', async () => {
  const patch = (body: unknown) => workspace.call('PATCH', '/v1/models/parcel-time', body);
  expect(await json(await patch({ trafficPercentage: 101 }))).toMatchObject({
    status: 422,
    errors: [{ path: 'trafficPercentage' }],
  });
  expect((await patch({ mlEnable: false })).status).toBe(422);
  expect((await workspace.call('PATCH', '/v1/models/no-such', {})).status).toBe(404);
});

test('a model’s own flags cannot be overwritten, and a flag that is not there is not found', async () => {
  const own = { enabled: true, basisPoints: 10_000, on: true, off: false };
  expect((await workspace.call('PUT', '/v1/flags/ml-enabled', own)).status).toBe(422);
  expect((await workspace.call('GET', '/v1/flags/none')).status).toBe(404);
  expect((await workspace.call('PUT', '/v1/flags/beta', own)).status).toBe(200);
  expect(await json(workspace.call('GET', '/v1/flags/beta'))).toEqual(own);
});
