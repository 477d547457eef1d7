import { beforeAll, expect, test } from 'vitest';
import { testEnv } from '../../test-support/workspace.ts';
import { inOrderOfArrival, listNewest } from './list-raw.ts';

const COUNT = 1050;
const keyOf = (i: number): string => `paged/batch-${String(i).padStart(4, '0')}`;

beforeAll(async () => {
  const puts = Array.from({ length: COUNT }, (_, i) => testEnv.BUCKET.put(keyOf(i), 'x'));
  await Promise.all([...puts, testEnv.BUCKET.put('pageless/other', 'x')]);
});

const keys = async (limit: number): Promise<string[]> =>
  (await listNewest(testEnv.BUCKET, 'paged/', limit)).map(({ key }) => key);

test('objects beyond one page of R2’s listing are found, and no other prefix’s', async () => {
  expect(await keys(5000)).toEqual(Array.from({ length: COUNT }, (_, i) => keyOf(i)));
});

test('of more objects than the limit the newest are kept', async () => {
  expect(await keys(3)).toEqual([keyOf(COUNT - 3), keyOf(COUNT - 2), keyOf(COUNT - 1)]);
  expect(await keys(1020)).toEqual(Array.from({ length: 1020 }, (_, i) => keyOf(i + 30)));
});

test('a prefix without objects is an empty list', async () => {
  expect(await listNewest(testEnv.BUCKET, 'nothing/', 10)).toEqual([]);
});

test('objects are put in the order in which they arrived, whatever their names say', () => {
  const objects = [
    { key: 'b/late', arrivedMs: 30 },
    { key: 'c/first', arrivedMs: 10 },
    { key: 'a/tie', arrivedMs: 20 },
    { key: 'b/tie', arrivedMs: 20 },
  ];
  expect(inOrderOfArrival(objects)).toEqual(['c/first', 'a/tie', 'b/tie', 'b/late']);
});
