import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { beforeAll, expect, test } from 'vitest';
import type { LiveMessage } from '../../shared/contracts/registry.ts';
import { prediction, sendEvents } from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { foldNow } from '../test-support/telemetry.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, send, testEnv } from '../test-support/workspace.ts';

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
});

type Stream = { next: () => Promise<LiveMessage>; close: () => Promise<void>; text: () => string };

async function open(path: string, key: string): Promise<Stream> {
  const isPublic = key.startsWith('pk_');
  const response = await send('GET', isPublic ? `${path}?key=${key}` : path, {
    key: isPublic ? undefined : key,
  });
  expect(response.headers.get('Content-Type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  let unread = '';
  return {
    text: () => seen,
    close: () => reader.cancel(),
    async next() {
      for (;;) {
        const match = /event: message\ndata: (.*)\n\n/.exec(unread);
        if (match) {
          unread = unread.slice(match.index + match[0].length);
          return JSON.parse(match[1]) as LiveMessage;
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('the stream ended');
        seen += value;
        unread += value;
      }
    },
  };
}

const openHub = () => testEnv.HUB.getByName(workspace.id);
const version = (message: LiveMessage) =>
  Number(message.type === 'refetchEvaluation' ? message.etag : Number.NaN);

test('every open says which configuration version is in force, and how long to wait before another try', async () => {
  const stream = await open('/v1/stream', workspace.publishableKey);
  expect(version(await stream.next())).toBeGreaterThan(0);
  expect(stream.text()).toMatch(/^retry: [1-5]\d{3}\n\n/);
  await stream.close();
});

test('a kill switch is told at once to browsers, with the version to ask for', async () => {
  const stream = await open('/v1/stream', workspace.publishableKey);
  const before = version(await stream.next());
  await workspace.call('PATCH', '/v1/models/parcel-time', { mlEnabled: false });
  expect(await stream.next()).toEqual({ type: 'refetchEvaluation', etag: String(before + 1) });
  await stream.close();
});

test('the console hears of summaries and rollouts, browsers only of flags', async () => {
  const browser = await open('/v1/stream', workspace.publishableKey);
  const console = await open('/v1/live', workspace.secretKey);
  await browser.next();
  await console.next();
  await sendEvents(workspace, [prediction(1)], { device: 'live-device' });
  await foldNow(workspace);
  expect(await console.next()).toMatchObject({
    type: 'summary',
    summary: { totals: { events: 1 } },
  });
  const rollout = { version: '1.0.0', strategy: 'all' };
  await workspace.call('POST', '/v1/models/parcel-time/rollouts', rollout);
  const heard = [await console.next(), await console.next()].map((message) => message.type);
  expect(heard).toEqual(['refetchEvaluation', 'rollout']);
  expect((await browser.next()).type).toBe('refetchEvaluation');
  await Promise.all([browser.close(), console.close()]);
});

test('streams survive the hub being evicted', async () => {
  const stream = await open('/v1/stream', workspace.publishableKey);
  await stream.next();
  await evictDurableObject(openHub());
  await workspace.call('PATCH', '/v1/models/parcel-time', { mlEnabled: true });
  expect((await stream.next()).type).toBe('refetchEvaluation');
  await stream.close();
});

test('a browser that goes leaves nothing behind in the hub', async () => {
  const sockets = () => runInDurableObject(openHub(), (_, state) => state.getWebSockets().length);
  const before = await sockets();
  const streams = await Promise.all(
    Array.from({ length: 3 }, () => open('/v1/stream', workspace.publishableKey)),
  );
  expect(await sockets()).toBe(before + 3);
  for (const stream of streams) await stream.close();
  await expect.poll(sockets).toBe(before);
});

test('messages stay inside their workspace', async () => {
  const other = await createWorkspace();
  const stream = await open('/v1/live', other.secretKey);
  expect(await stream.next()).toEqual({ type: 'refetchEvaluation', etag: '0' });
  await workspace.call('PATCH', '/v1/models/parcel-time', { trafficPercentage: 50 });
  await other.call('PUT', '/v1/flags/own', { enabled: true, basisPoints: 0, on: 1, off: 0 });
  expect(await stream.next()).toEqual({ type: 'refetchEvaluation', etag: '1' });
  await stream.close();
});

test('a browser’s key does not open the console’s stream', async () => {
  const answer = await send('GET', '/v1/live', { key: workspace.publishableKey });
  expect(answer.status).toBe(403);
});

test('a secret key in an address opens nothing: addresses are kept by proxies and logs', async () => {
  for (const path of ['/v1/stream', '/v1/live']) {
    const answer = await send('GET', `${path}?key=${workspace.secretKey}`);
    expect(answer.status).toBe(401);
  }
});
