import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { andersonDarling, andersonDarlingOfCounts } from './anderson-darling.ts';
import { fisherExact } from './counts.ts';
import {
  cramerVonMises,
  cramerVonMisesOfCounts,
  cramerVonMisesSurvival,
} from './cramer-von-mises.ts';
import { eppsSingleton } from './epps-singleton.ts';
import type { TestResult } from './test-result.ts';
import { bridgeFormSurvival } from './tied-law.ts';

const RUNS = 250;
/** Alarms at a level of 5 % in so many runs, four standard errors above. */
const MOST = 0.05 * RUNS + 4 * Math.sqrt(RUNS * 0.05 * 0.95);
const LEAST = 0.05 * RUNS - 3 * Math.sqrt(RUNS * 0.05 * 0.95);

type Compare = (a: Float64Array, b: Float64Array) => TestResult | null;

function alarms(compare: Compare, draw: () => number, [n, m]: readonly [number, number]): number {
  let count = 0;
  for (let run = 0; run < RUNS; run++) {
    const test = compare(
      Float64Array.from({ length: n }, draw),
      Float64Array.from({ length: m }, draw),
    );
    if (test && test.pValue <= 0.05) count++;
  }
  return count;
}

test.each([
  ['andersonDarling', andersonDarling],
  ['cramerVonMises', cramerVonMises],
  ['eppsSingleton', eppsSingleton],
] as [string, Compare][])(
  '%s: whole numbers that did not change alarm on 5 %, however unequal the samples',
  (_, compare) => {
    const rng = createRng(7);
    for (const distinct of [2, 12]) {
      const draw = () => Math.floor(rng() * distinct);
      for (const sizes of [
        [60, 60],
        [40, 160],
      ] as const) {
        const count = alarms(compare, draw, sizes);
        expect(count, `${distinct} values, ${sizes}`).toBeLessThanOrEqual(MOST);
        expect(count, `${distinct} values, ${sizes}`).toBeGreaterThanOrEqual(LEAST);
      }
    }
  },
);

test('a zero in half of the rows beside continuous values alarms on 5 %', () => {
  const rng = createRng(8);
  const draw = () => (rng() < 0.5 ? 0 : rng());
  for (const compare of [andersonDarling, cramerVonMises])
    expect(alarms(compare, draw, [50, 150])).toBeLessThanOrEqual(MOST);
});

test('counts of any size have a p, and the same when the samples swap', () => {
  const counts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }), fc.nat(1e9)), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(counts, (counted) => {
      const [a, b] = [counted, counted.toReversed()];
      for (const compare of [andersonDarlingOfCounts, cramerVonMisesOfCounts]) {
        const [forth, back] = [compare({ a, b }), compare({ a: b, b: a })];
        if (!forth || !back) return;
        expect(forth.pValue >= 0 && forth.pValue <= 1).toBe(true);
        expect(back.pValue).toBeCloseTo(forth.pValue, 9);
      }
    }),
  );
});

test('counts in cells and the values that they count are one test; empty cells are nothing', () => {
  const [a, b] = [
    [4, 0, 9, 2, 5],
    [1, 0, 6, 8, 8],
  ];
  const values = (counts: number[]) =>
    counts.flatMap((count, i) => Array<number>(count).fill(i * i));
  expect(andersonDarlingOfCounts({ a, b })).toEqual(andersonDarling(values(a), values(b)));
  expect(cramerVonMisesOfCounts({ a, b })).toEqual(cramerVonMises(values(a), values(b)));
  expect(andersonDarlingOfCounts({ a: [0, 7], b: [0, 9] })).toBeNull();
  expect(cramerVonMisesOfCounts({ a: [0, 7], b: [0, 9] })).toBeNull();
});

test('the tied Cramer-von Mises reads the same from either end', () => {
  const [a, b] = [
    [4, 3, 9, 2],
    [1, 5, 6, 8],
  ];
  const forth = cramerVonMisesOfCounts({ a, b })!;
  const back = cramerVonMisesOfCounts({ a: a.toReversed(), b: b.toReversed() })!;
  expect(back.statistic).toBeCloseTo(forth.statistic, 12);
  expect(back.pValue).toBeCloseTo(forth.pValue, 12);
});

// scipy.stats.fisher_exact 1.10.1.
test.each([
  [{ events: 300_000, n: 1_000_000 }, { events: 301_000, n: 1_000_000 }, 0.1233756904720564],
  [{ events: 3, n: 50 }, { events: 12, n: 70 }, 0.09368888244320966],
])('Fisher of %o and %o is exact, and quick for millions', (a, b, pValue) => {
  expect(fisherExact(a, b)!.pValue / pValue - 1).toBeCloseTo(0, 8);
});

test('the law of tied values is a chi-square for two cells and nears the limit for many', () => {
  const even = (k: number) => ({
    shares: new Array<number>(k).fill(1 / k),
    squares: new Array<number>(k - 1).fill(1 / k),
  });
  for (const x of [0.05, 0.3, 3, 30]) {
    const [found, exact] = [bridgeFormSurvival(x, even(2)), chiSquareSurvival(8 * x, 1)];
    expect(Math.abs(found / exact - 1)).toBeLessThan(1e-9);
  }
  for (const x of [0.2, 0.743, 3]) {
    const [found, limit] = [bridgeFormSurvival(x, even(400)), cramerVonMisesSurvival(x)];
    expect(Math.abs(found / limit - 1)).toBeLessThan(1e-3);
  }
});
