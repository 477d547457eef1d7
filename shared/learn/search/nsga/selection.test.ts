import { expect, test } from 'vitest';
import type { Trial } from '../trial.ts';
import { crowdingDistances, selectElite } from './selection.ts';

const trialsOf = (losses: number[][]): Trial[] =>
  losses.map((values, number) => ({ number, parameters: {}, state: 'complete', values }) as Trial);
const numbersOf = (elite: Trial[]) => elite.map(({ number }) => number).sort();

test('crowding is the perimeter between the neighbours, in ranges; the ends stand alone', () => {
  const found = [
    ...crowdingDistances([
      [0, 10],
      [1, 6],
      [2, 5],
      [10, 0],
    ]),
  ];
  expect(found[0]).toBe(Infinity);
  expect(found[3]).toBe(Infinity);
  expect(found[1]).toBeCloseTo(0.2 + 0.5, 12);
  expect(found[2]).toBeCloseTo(0.9 + 0.6, 12);
});

test('of the last front the least crowded go on; a better front goes before', () => {
  const front = [
    [0, 10],
    [1, 6],
    [2, 5],
    [10, 0],
  ];
  expect(numbersOf(selectElite(trialsOf(front), 3, ['minimize', 'minimize']))).toEqual([0, 2, 3]);
  const worse = [...front, [11, 11]];
  expect(numbersOf(selectElite(trialsOf(worse), 4, ['minimize', 'minimize']))).toEqual([
    0, 1, 2, 3,
  ]);
});
