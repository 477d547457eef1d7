import { beforeAll, expect, test } from 'vitest';
import { app } from './app.ts';
import { trustedPublisher } from './test-support/publisher.ts';
import { DECLARATION, publish, uploadVersion } from './test-support/version.ts';
import type { TestWorkspace } from './test-support/workspace.ts';
import { createWorkspace, fetchWorker, json, ORIGIN, send } from './test-support/workspace.ts';

let workspace: TestWorkspace;
let artifact: string;

beforeAll(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
  artifact = (await uploadVersion(workspace, { version: '1.0.0' })).files[0].sha256;
});

const routes = [...new Set(app.routes.map(({ method, path }) => `${method} ${path}`))]
  .filter((route) => !route.startsWith('ALL '))
  .map((route) => route.split(' ') as [method: string, path: string])
  .filter(([, path]) => path !== '/v1/stream' && path !== '/v1/live');

const fill = (path: string, name = 'parcel-time'): string =>
  path
    .replace(':sha256', artifact)
    .replace(':model', name)
    .replace(':version', name === 'parcel-time' ? '1.0.0' : name)
    .replace(':key', name);

const NESTED = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
const BODIES = [
  '',
  'null',
  '[]',
  '"x"',
  '1e999',
  '{',
  '\u0000',
  '{"__proto__":{"version":"1.0.0","strategy":"all"}}',
  '{"constructor":{"prototype":{"x":1}},"context":{"__proto__":{"targetingKey":"u"}}}',
  '{"context":{"targetingKey":{"a":1},"useCase":["parcel-time"]}}',
  '{"trafficPercentage":1e999}',
  '{"manifest":{"payload":"////","signature":"x","keyId":"y"}}',
  '{"outcomes":[{"predictionId":"dev1.writer1:1","value":1e999,"observedAt":"2026-02-31T99:99:99Z"}]}',
  NESTED,
  `{"x":"${'a'.repeat(2_000_000)}"}`,
  new Uint8Array([0xff, 0xfe, 0x00, 0xd8]),
];
const NAMES = ['%00', '..%2f..%2fetc', '%E0%A4%A', "x'%20OR%201=1--", '%25', '__proto__', '💥'];

const problemOf = async (answer: Response) => {
  const isProblem = answer.headers.get('Content-Type')?.startsWith('application/problem+json');
  return isProblem && answer.status >= 400 ? answer.status : `not a problem: ${answer.status}`;
};

test('no body and no name that anyone can send breaks a route', async () => {
  const broken: unknown[] = [];
  for (const [method, path] of routes.filter(([method]) => method !== 'GET'))
    for (const body of BODIES) {
      const answer = await send(method, fill(path), { key: workspace.secretKey, body });
      if (answer.status >= 500) broken.push([method, path, String(body).slice(0, 60)]);
      await answer.body?.cancel();
    }
  for (const [method, path] of routes)
    for (const name of NAMES) {
      const body = method === 'GET' ? undefined : '{}';
      const answer = await send(method, fill(path, name), { key: workspace.secretKey, body });
      if (answer.status >= 500) broken.push([method, path, name]);
      await answer.body?.cancel();
    }
  expect(broken).toEqual([]);
});

test('every answer carries a policy that runs nothing, whatever it is', async () => {
  const key = workspace.publishableKey;
  const path = `/v1/artifacts/${artifact}`;
  const answers = await Promise.all([
    send('GET', '/health'),
    send('GET', '/v1/nothing'),
    send('GET', '/v1/models'),
    send('GET', '/v1/models', { key }),
    send('GET', path, { key }),
    send('HEAD', path, { key }),
    send('GET', path, { key, headers: { Range: 'bytes=0-1' } }),
    send('GET', path, { key, headers: { Range: 'bytes=99999999-' } }),
    send('GET', path, { key, headers: { 'If-None-Match': `"${artifact}"` } }),
    send('OPTIONS', '/v1/models', { headers: { Origin: 'https://evil.example' } }),
    send('POST', '/v1/telemetry/batches', { key, body: 'x' }),
    send('POST', '/ofrep/v1/evaluate/flags', { key: 'none', body: '{}' }),
    send('GET', `/v1/stream?key=${key}`),
  ]);
  for (const answer of answers) {
    const { headers, status } = answer;
    expect([status, headers.get('Content-Security-Policy')]).toEqual([
      status,
      "default-src 'none'; frame-ancestors 'none'",
    ]);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    await answer.body?.cancel();
  }
});

test('a publishable key does nothing but read flags and artifacts and send telemetry', async () => {
  const opened: string[] = [];
  for (const [method, path] of routes) {
    const body = method === 'GET' ? undefined : '{}';
    const answer = await send(method, fill(path), { key: workspace.publishableKey, body });
    if (answer.status !== 403) opened.push(`${method} ${path}`);
    await answer.body?.cancel();
  }
  expect(opened.sort()).toEqual([
    'GET /health',
    'GET /v1/artifacts/:sha256',
    'POST /ofrep/v1/evaluate/flags',
    'POST /ofrep/v1/evaluate/flags/:key',
    'POST /v1/console/sessions',
    'POST /v1/telemetry/batches',
  ]);
});

test.each(['', 'sk_', 'none', `pk_${'A'.repeat(43)}`, `sk_${'A'.repeat(100_0)}`, '%00', '💥'])(
  'the key "%s" opens neither stream',
  async (key) => {
    for (const path of ['/v1/stream', '/v1/live'])
      expect((await send('GET', `${path}?key=${encodeURIComponent(key)}`)).status).toBe(401);
  },
);

test('a key in the query opens streams and nothing else', async () => {
  const answer = await send('GET', `/v1/models?key=${workspace.secretKey}`);
  expect(answer.status).toBe(401);
});

test('a foreign origin learns nothing from a preflight or an answer, however it spells itself', async () => {
  const mine = await createWorkspace({ allowedOrigins: ['https://app.example'] });
  const foreign = [
    'https://evil.example',
    'null',
    'https://app.example.evil.example',
    'http://app.example',
    'https://app.example:8443',
    'https://APP.example',
    '*',
    '',
    `https://${'a'.repeat(5000)}.example`,
  ];
  for (const origin of foreign)
    for (const method of ['OPTIONS', 'GET']) {
      const headers = { Origin: origin, 'Access-Control-Request-Method': 'GET' };
      const answer = await send(method, '/v1/models', { key: mine.secretKey, headers });
      expect([origin, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([origin, null]);
    }
  const own = { Origin: 'https://app.example' };
  const allowed = await send('GET', '/v1/models', { key: mine.secretKey, headers: own });
  expect(allowed.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example');
  expect(allowed.headers.get('Access-Control-Allow-Credentials')).toBeNull();
  const other = await send('GET', '/v1/models', { key: workspace.secretKey, headers: own });
  expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
});

test('keys that fail are counted: after a hundred an address has to wait', async () => {
  const headers = { 'CF-Connecting-IP': '203.0.113.7' };
  const statuses: number[] = [];
  for (let i = 0; i < 210; i++) {
    const answer = await send('GET', '/v1/models', { key: 'sk_guess', headers });
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    await answer.body?.cancel();
  }
  expect(statuses.slice(0, 50).every((status) => status === 401)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
  const valid = { key: workspace.secretKey, headers };
  expect((await send('GET', '/v1/models', valid)).status).toBe(200);
});

test('guessed console codes are counted too', async () => {
  const headers = { 'CF-Connecting-IP': '203.0.113.8' };
  let last = 0;
  for (let i = 0; i < 210; i++) {
    const body = { code: `guess-${'x'.repeat(20)}${i}` };
    last = (await send('POST', '/v1/console/sessions', { headers, body })).status;
  }
  expect(last).toBe(429);
});

test('a path with dots is no way out of the artifacts', async () => {
  const key = workspace.secretKey;
  for (const path of [
    `/v1/artifacts/..%2f..%2fw%2f${workspace.id}`,
    `/v1/artifacts/${artifact.toUpperCase()}`,
    `/v1/artifacts/${artifact}%00`,
    `/v1/artifacts/${artifact}/..`,
    '/v1/artifacts/%2e%2e',
  ])
    expect([path, (await send('GET', path, { key })).status]).toEqual([path, 404]);
});

test.each([
  'bytes=',
  'bytes=-',
  'bytes=a-b',
  'bytes=0-99999999999999999999',
  'bytes=99999999999999999999-',
  'bytes = 0-1',
  'bytes=0-0,-1',
  'BYTES=0-1',
  '0-1',
])('the range "%s" gets the whole file, a part or 416, never an error', async (range) => {
  const headers = { Range: range };
  const answer = await send('GET', `/v1/artifacts/${artifact}`, {
    key: workspace.publishableKey,
    headers,
  });
  expect([200, 206, 416]).toContain(answer.status);
  const bytes = await answer.arrayBuffer();
  if (answer.status !== 416)
    expect(String(bytes.byteLength)).toBe(answer.headers.get('Content-Length'));
});

test.each([
  ['a range up to 1e999', '"range":[0,120]', '"range":[0,1e999]', 'a number that is too large'],
  ['steps that fall', '"steps":[0.01,0.5,1]', '"steps":[0.5,0.01,1]', 'growing shares'],
  ['a schedule that is none', '0 3 * * *', 'at noon', 'cron'],
  ['an input of every object', '"name":"distance"', '"name":"constructor"', 'every JavaScript'],
])('a declaration with %s is not published, and the answer says why', async (_, from, to, why) => {
  const publisher = await trustedPublisher(workspace);
  const text = JSON.stringify(DECLARATION).replace(from, to);
  expect(text).not.toBe(JSON.stringify(DECLARATION));
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  await workspace.call('PUT', `/v1/artifacts/${sha256}`, bytes);
  const answer = await publish(workspace, publisher, {
    version: '3.0.0',
    change: (manifest) => ({
      ...manifest,
      files: manifest.files.map((file) =>
        file.role === 'declaration'
          ? { ...file, sha256, sizeBytes: bytes.length, chunks: [sha256] }
          : file,
      ),
    }),
  });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(why);
});

test('a body of no declared length is stopped at the bound', async () => {
  let sentBytes = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sentBytes += 65_536;
      if (sentBytes > 40 * 1024 * 1024) controller.close();
      else controller.enqueue(new Uint8Array(65_536));
    },
  });
  const answer = await fetchWorker(
    new Request(`${ORIGIN}/v1/telemetry/batches`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${workspace.publishableKey}` },
      body,
      duplex: 'half',
    } as RequestInit),
  );
  expect(await problemOf(answer)).toBe(413);
  expect(await json(send('GET', '/health'))).toEqual({ status: 'ok' });
});
