import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestPage } from '../test-support/test-client.ts';
import { createRefetch } from './refetch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Requests that end when the test says so. */
function requests() {
  const ends: ((isConfirmed: boolean) => void)[] = [];
  const attempt = () => new Promise<boolean>((resolve) => ends.push(resolve));
  const page = new TestPage();
  return { ends, page, refetch: createRefetch({ attempt, rng: () => 0.5, page }) };
}

test('those who ask while a request runs share one more', async () => {
  const { ends, refetch } = requests();
  void refetch.now();
  void refetch.now();
  const last = refetch.now();
  expect(ends).toHaveLength(1);
  ends[0](true);
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(2);
  ends[1](true);
  await last;
  expect(ends).toHaveLength(2);
});

test('a request that hangs is not waited for by news that comes later', async () => {
  const { ends, refetch } = requests();
  void refetch.now();
  await vi.advanceTimersByTimeAsync(600);
  void refetch.now();
  expect(ends).toHaveLength(2);
});

test('after a failure it tries again by itself until it succeeds', async () => {
  const { ends, refetch } = requests();
  void refetch.now();
  for (let i = 0; i < 4; i++) {
    ends[i](false);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(ends).toHaveLength(i + 2);
  }
  ends[4](true);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ends).toHaveLength(5);
});

test('coming online tries at once', async () => {
  const { ends, page, refetch } = requests();
  void refetch.now();
  ends[0](false);
  await vi.advanceTimersByTimeAsync(0);
  page.fire('online');
  expect(ends).toHaveLength(2);
});
