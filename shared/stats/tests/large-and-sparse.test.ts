import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { finiteKolmogorovSurvival } from '../distributions/kolmogorov-finite.ts';
import { goodnessOfFit, twoSampleG } from './counts.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { tTest, tTestOfMoments } from './t-test.ts';

/** Values printed by scipy.stats.kstwo.sf 1.10.1. */
test.each([
  [1, 0.3, 1],
  [5, 0.22360679774997896, 0.9162082822963654],
  [20, 0.18559364213248253, 0.4430393852696305],
  [140, 0.1774823934929885, 0.00024981290292924366],
  [141, 0.04210759605332595, 0.9549094893418928],
  [1000, 0.0458530260724415, 0.028912762482064536],
  [1000, 0.25298221281347033, 6.769809042901812e-57],
  [20_000, 0.00848528137423857, 0.11161523991820543],
  [500_000, 0.0011737972567696688, 0.49582187224423235],
  [500_000, 0.0029698484809834997, 0.00029490830193338403],
])('the largest of the distances of %d values is above %d as often as scipy says', (n, x, p) => {
  expect(Math.abs(finiteKolmogorovSurvival(x, n) / p - 1)).toBeLessThan(1e-9);
});

/** Values printed by scipy.stats.ks_2samp 1.10.1, method 'exact' for 5 and 20. */
test.each([
  [5, 0.28347931513776625],
  [20, 0.006847658369110502],
])('Kolmogorov and Smirnov of 12,000 values against %d is exact', (m, p) => {
  const large = Float64Array.from({ length: 12_000 }, (_, i) => (i + 0.5) / 12_000);
  const small = Float64Array.from({ length: m }, (_, i) => ((i + 0.5) / m) * 0.6 + 0.35);
  const test = kolmogorovSmirnov(large, small)!;
  expect(test.law).toBe('exact');
  expect(test.pValue).toBeCloseTo(p, 13);
});

test('Kolmogorov and Smirnov of many values on both sides says which law it used', () => {
  const rng = createRng(8);
  const draw = (n: number) => Float64Array.from({ length: n }, rng);
  expect(kolmogorovSmirnov(draw(150_000), draw(120_000))!.law).toBe('finite_n');
});

const countsOf = (n: number, k: number, rng: () => number): number[] => {
  const counts = new Array<number>(k).fill(0);
  for (let i = 0; i < n; i++) counts[Math.floor(rng() * k)]++;
  return counts;
};

test.each([
  [2000, 500, 150],
  [5000, 5000, 60],
])('G of %i unchanged values in %i categories alarms as often as its level', (n, k, runs) => {
  const rng = createRng(6);
  let alarms = 0;
  for (let run = 0; run < runs; run++)
    if (twoSampleG(countsOf(n, k, rng), countsOf(n, k, rng))!.pValue <= 0.05) alarms++;
  expect(alarms / runs).toBeLessThan(0.13);
});

const around = (centre: number): Float64Array =>
  Float64Array.from({ length: 9 }, (_, i) => centre + i);

test.each([1e160, 1e300, 1e-170])('the t of values times %d is that of the values', (factor) => {
  const scaled = (values: Float64Array) => values.map((value) => value * factor);
  const [a, b] = [around(3), around(5)];
  const expected = tTest(a, b)!;
  const actual = tTest(scaled(a), scaled(b))!;
  expect(actual.statistic).toBeCloseTo(expected.statistic, 10);
  expect(actual.df).toBeCloseTo(expected.df, 8);
  expect(actual.pValue).toBeCloseTo(expected.pValue, 10);
});

test('the degrees of freedom of large moments do not overflow; what a double cannot hold is no answer', () => {
  const known = { n: 10, mean: 0, squares: 1e200 };
  expect(tTestOfMoments(known, { ...known, mean: 1e99 })!.df).toBeCloseTo(18, 10);
  expect(tTestOfMoments(known, { ...known, squares: Infinity })).toBeNull();
});

test('two constants that differ are infinitely many standard errors apart', () => {
  expect(tTest([1, 1, 1], [2, 2, 2])).toMatchObject({ statistic: -Infinity, pValue: 0 });
  expect(tTest([1, 1, 1], [2, 2, 2], { alternative: 'greater' })!.pValue).toBe(1);
  expect(tTest([2, 2], [2, 2])).toMatchObject({ statistic: 0, pValue: 1 });
});

test('a goodness of fit of counts that cannot be squared ends', () => {
  expect(goodnessOfFit([1e300, 1], [1e-300, 1e300])).toEqual({ statistic: Infinity, pValue: 0 });
});
