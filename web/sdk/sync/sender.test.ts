import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nothingSent } from './deliver.ts';
import type { DrainReport } from './drain.ts';
import { createSender, type Sender } from './sender.ts';

let runs: { isForced: boolean; keepalive: boolean }[];
let answers: DrainReport[];
let sender: Sender;

beforeEach(() => {
  vi.useFakeTimers();
  runs = [];
  answers = [];
  sender = createSender({
    drain: async (how) => {
      runs.push(how);
      return answers.shift() ?? nothingSent();
    },
    onRun: () => undefined,
  });
});
afterEach(() => {
  sender.dispose();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('a lone prediction is sent within three seconds, an outcome at once', async () => {
  sender.recorded(false);
  await pass(2_999);
  expect(runs).toHaveLength(0);
  await pass(1);
  expect(runs).toHaveLength(1);
  await pass(10_000);
  sender.recorded(true);
  await pass(0);
  expect(runs).toHaveLength(2);
});

test('as many events as the server asked for are sent, but not more often than each second', async () => {
  sender.setFlushSize(10);
  for (let second = 0; second < 5; second++) {
    for (let i = 0; i < 100; i++) {
      sender.recorded(false);
      await pass(10);
    }
  }
  expect(runs.length).toBeGreaterThanOrEqual(4);
  expect(runs.length).toBeLessThanOrEqual(6);
});

test('after a failure nothing is sent before its time, whatever is recorded meanwhile', async () => {
  answers = [nothingSent({ reason: 'server', detail: 'busy', retryInMs: 60_000 })];
  sender.recorded(true);
  await pass(0);
  for (let i = 0; i < 50; i++) {
    sender.recorded(true);
    await pass(1_000);
  }
  expect(runs).toHaveLength(1);
  await pass(10_000);
  expect(runs).toHaveLength(2);
});

test('a hint that the network is back goes before the time to retry', async () => {
  answers = [nothingSent({ reason: 'offline', detail: 'no route', retryInMs: 60_000 })];
  sender.recorded(true);
  await pass(0);
  sender.wake();
  await pass(0);
  expect(runs.map(({ isForced }) => isForced)).toEqual([false, true]);
});

test('once disposed it sends nothing more by itself', async () => {
  sender.recorded(false);
  sender.dispose();
  await pass(60_000);
  expect(runs).toHaveLength(0);
});
