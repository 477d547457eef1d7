import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { equalProportions } from './equal-proportions.ts';

const rng = createRng(5);
const of = (...counts: [events: number, n: number][]) =>
  equalProportions(
    counts.map(([events, n]) => ({ events, n })),
    { rng },
  );

test.each([
  [
    'fisher',
    [
      [8, 8],
      [0, 8],
    ],
    0.0001554001554001554,
    10,
  ],
  [
    'fisher',
    [
      [3, 4],
      [1, 9],
    ],
    0.05174825174825175,
    10,
  ],
  [
    'fisher-freeman-halton',
    [
      [5, 6],
      [1, 6],
      [0, 4],
    ],
    0.023476523476523476,
    10,
  ],
  [
    'fisher-freeman-halton',
    [
      [9, 10],
      [4, 10],
      [3, 10],
      [2, 9],
      [5, 10],
    ],
    0.023954130437394087,
    10,
  ],
  [
    'fisher-freeman-halton',
    [
      [30, 200],
      [2, 5],
      [0, 4],
    ],
    0.263271559429268,
    10,
  ],
  [
    'chi-square',
    [
      [30, 100],
      [45, 100],
      [50, 120],
    ],
    0.07160565722738016,
    10,
  ],
] as const)('%s of %j', (method, counts, pValue, digits) => {
  const found = of(...counts.map(([events, n]): [number, number] => [events, n]))!;
  expect(found.method).toBe(method);
  expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(10 ** -digits);
});

test('drawn tables agree with all of them', () => {
  const drawn = of([6, 10], [4, 9], [1, 10], [5, 10], [2, 9], [3, 11])!;
  expect(drawn.method).toBe('permutation');
  // By all 146,410 tables; three standard errors of 9999 draws are 0.015.
  expect(Math.abs(drawn.pValue - 0.1842802456370116)).toBeLessThan(0.015);
});

test('one group, nobody and everybody are no difference', () => {
  expect(of([3, 9])).toBeNull();
  expect(of([3, 9], [0, 0])).toBeNull();
  expect(of([0, 9], [0, 4])!.pValue).toBe(1);
  expect(of([9, 9], [4, 4])!.pValue).toBe(1);
});

test('groups of one row each say nothing; of like groups one in twenty differs at most', () => {
  expect(of(...Array.from({ length: 60 }, (_, i): [number, number] => [i % 2, 1]))!.pValue).toBe(1);
  let alarms = 0;
  for (let run = 0; run < 300; run++) {
    const counts = Array.from({ length: 8 }, (_, i): [number, number] => {
      const n = i === 0 ? 60 : 3;
      let events = 0;
      for (let row = 0; row < n; row++) if (rng() < 0.1) events++;
      return [events, n];
    });
    if (of(...counts)!.pValue <= 0.05) alarms++;
  }
  // 5 % of 300 are 15; three standard errors above are 26.
  expect(alarms).toBeLessThanOrEqual(26);
});
