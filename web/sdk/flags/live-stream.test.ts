import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestPage, TestStreams } from '../test-support/test-client.ts';
import { createLiveStream, type LiveStream } from './live-stream.ts';

let streams: TestStreams;
let page: TestPage;
let stale: (string | null)[];
let live: LiveStream;

beforeEach(() => {
  vi.useFakeTimers();
  streams = new TestStreams();
  page = new TestPage();
  stale = [];
  live = createLiveStream({
    open: streams.connect,
    page,
    rng: () => 0.5,
    onStale: (etag) => stale.push(etag),
    onState: () => undefined,
  });
  live.use('https://edgewise.test/v1/stream');
});
afterEach(() => {
  live.dispose();
  vi.useRealTimers();
});

const message = (data: unknown) => new MessageEvent('message', { data });

test('every opening and every refetch message says that flags may have changed', () => {
  streams.open[0].onopen?.(new Event('open'));
  expect(live.isOpen()).toBe(true);
  streams.open[0].onmessage?.(message('{"type":"refetchEvaluation","etag":"7"}'));
  streams.open[0].onmessage?.(message('{"type":"somethingElse"}'));
  streams.open[0].onmessage?.(message('not json'));
  expect(stale).toEqual([null, '7']);
});

test('a stream that fails is opened again, later each time, and reports again when it opens', async () => {
  for (const delayMs of [500, 1000, 2000, 4000]) {
    streams.open[0].onerror?.(new Event('error'));
    expect(live.isOpen()).toBe(false);
    await vi.advanceTimersByTimeAsync(delayMs - 1);
    expect(streams.open).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(streams.open).toHaveLength(1);
  }
  streams.open[0].onopen?.(new Event('open'));
  expect(stale).toEqual([null]);
});

test('coming online reconnects at once', () => {
  streams.open[0].onerror?.(new Event('error'));
  expect(streams.open).toHaveLength(0);
  page.fire('online');
  expect(streams.open).toHaveLength(1);
});

test('a page hidden for two minutes lets its stream go and takes it up when it is shown', async () => {
  page.fire('hidden');
  await vi.advanceTimersByTimeAsync(119_000);
  expect(streams.open).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(streams.open).toHaveLength(0);
  page.fire('visible');
  expect(streams.open).toHaveLength(1);
});
