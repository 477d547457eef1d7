import { beforeAll, expect, test } from 'vitest';
import { LIMITS } from '../../shared/contracts/limits.ts';
import { toHex } from '../../shared/core/base64url.ts';
import { storeArtifact } from '../services/artifacts.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, send, testEnv } from '../test-support/workspace.ts';
import { parseRange } from './parse-range.ts';

const BYTES = new TextEncoder().encode('0123456789abcdef');
let workspace: TestWorkspace;
let path: string;

beforeAll(async () => {
  workspace = await createWorkspace();
  path = `/v1/artifacts/${toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', BYTES)))}`;
  expect((await workspace.call('PUT', path, BYTES)).status).toBe(201);
});

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  send(method, path, { key: workspace.publishableKey, headers });

test('an artifact comes back whole, immutable, with its hash as ETag', async () => {
  const answer = await get();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('ETag')).toBe(`"${path.slice(-64)}"`);
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(BYTES);
});

test('the same bytes again are no error and store nothing new', async () => {
  const again = await workspace.call('PUT', path, BYTES);
  expect(again.status).toBe(200);
  expect(await json(again)).toMatchObject({ created: false });
});

test('a range is answered with 206 and the part asked for', async () => {
  const answer = await get({ Range: 'bytes=4-7' });
  expect(answer.status).toBe(206);
  expect(answer.headers.get('Content-Range')).toBe('bytes 4-7/16');
  expect(await answer.text()).toBe('4567');
});

test('a download is resumed from where it broke', async () => {
  expect(await (await get({ Range: 'bytes=10-' })).text()).toBe('abcdef');
});

test('a range beyond the end is 416 and says how long the file is', async () => {
  const answer = await get({ Range: 'bytes=16-' });
  expect(answer.status).toBe(416);
  expect(answer.headers.get('Content-Range')).toBe('bytes */16');
});

test('HEAD tells size and ETag without a body', async () => {
  const answer = await get({}, 'HEAD');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Length')).toBe('16');
  expect(await answer.text()).toBe('');
});

test('a client that has the bytes gets 304', async () => {
  expect((await get({ 'If-None-Match': `"${path.slice(-64)}"` })).status).toBe(304);
});

test('other bytes under a hash are refused and not stored', async () => {
  const other = `/v1/artifacts/${'ab'.repeat(32)}`;
  const answer = await workspace.call('PUT', other, BYTES);
  expect(answer.status).toBe(422);
  expect(await json(answer)).toMatchObject({
    type: 'https://edgewise.dev/problems/hash-mismatch',
  });
  expect((await workspace.call('GET', other)).status).toBe(404);
});

test('an upload larger than the limit is refused by its length, one without length too', async () => {
  const scope = { env: testEnv, workspace: workspace.id, actor: 'test', nowMs: Date.now() };
  const upload = { sha256: path.slice(-64), body: new Blob([BYTES]).stream() };
  const large = await storeArtifact(scope, { ...upload, sizeBytes: LIMITS.artifactBytes + 1 });
  expect(large).toMatchObject({ ok: false, error: { reason: 'too_large' } });
  const unknown = await storeArtifact(scope, { ...upload, sizeBytes: null });
  expect(unknown).toMatchObject({ ok: false, error: { reason: 'length_required' } });
});

test('a publishable key reads artifacts and cannot write them', async () => {
  const answer = await send('PUT', path, { key: workspace.publishableKey, body: BYTES });
  expect(answer.status).toBe(403);
  expect(await json(answer)).toMatchObject({ status: 403, title: 'Not with this key' });
});

test('a path that is no hash is told so', async () => {
  expect((await workspace.call('PUT', '/v1/artifacts/readme', BYTES)).status).toBe(422);
  expect((await workspace.call('GET', '/v1/artifacts/readme')).status).toBe(404);
});

test.each([
  ['bytes=0-0', { offset: 0, length: 1 }],
  ['bytes=-4', { offset: 12, length: 4 }],
  ['bytes=-100', { offset: 0, length: 16 }],
  ['bytes=4-100', { offset: 4, length: 12 }],
  ['bytes=7-3', null],
  ['bytes=0-1,4-5', null],
  ['items=0-1', null],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=99-', 'unsatisfiable'],
])('the range %s of 16 bytes is %j', (header, range) => {
  expect(parseRange(header, 16)).toEqual(range);
});
