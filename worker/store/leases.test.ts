import { beforeAll, expect, test } from 'vitest';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { releaseLease, takeLease } from './leases.ts';

const MINUTE_MS = 60_000;
const take = (holder: string, nowMs: number) => takeLease(testEnv.DB, holder, nowMs);

beforeAll(async () => {
  await createWorkspace();
});

test('of many that ask at once one gets the lease', async () => {
  const asked = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => ((await take(`run-${i}`, 0)) ? `run-${i}` : null)),
  );
  const [holder, ...others] = asked.filter((name) => name !== null);
  expect(others).toEqual([]);
  await releaseLease(testEnv.DB, holder);
});

test('its holder renews it, anybody else waits until it expires', async () => {
  expect(await take('one', 0)).toBe(true);
  expect(await take('other', 9 * MINUTE_MS)).toBe(false);
  expect(await take('one', 9 * MINUTE_MS)).toBe(true);
  expect(await take('other', 11 * MINUTE_MS)).toBe(false);
  expect(await take('other', 20 * MINUTE_MS)).toBe(true);
  expect(await take('one', 20 * MINUTE_MS)).toBe(false);
  await releaseLease(testEnv.DB, 'other');
});

test('a release frees it at once, and only its holder’s does', async () => {
  await take('one', 0);
  await releaseLease(testEnv.DB, 'other');
  expect(await take('other', 1)).toBe(false);
  await releaseLease(testEnv.DB, 'one');
  expect(await take('other', 1)).toBe(true);
  await releaseLease(testEnv.DB, 'other');
});
