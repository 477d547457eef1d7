import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { momentsOf } from '../moments.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { permutationPValue } from './permutation.ts';

const sample = [1.2, 3.4, 2.2, 5.6, 4.4, 3.1, 9.9, 2.5, 6.1, 7.7, 8, 3.3, 9.1, 10.2, 12, 6.6];
const meanOf = (values: ArrayLike<number>): number => momentsOf(values).mean;
const deviationOf = (values: ArrayLike<number>): number =>
  Math.sqrt(momentsOf(values).squares / values.length);

/** Intervals printed by scipy.stats.bootstrap 1.17.1 with 200,000 resamples. */
test.each([
  ['mean', meanOf, 4.46875, 7.575],
  ['deviation', deviationOf, 2.55568, 4.09533],
])(
  'the BCa interval of a %s is that of scipy, within resampling noise',
  (_, statistic, low, high) => {
    const options = { statistic, alpha: 0.05, resamples: 20_000, rng: createRng(1) };
    const { interval } = bootstrapInterval(sample, options)!;
    expect(Math.abs(interval[0] - low)).toBeLessThan(0.06);
    expect(Math.abs(interval[1] - high)).toBeLessThan(0.06);
  },
);

test('an interval covers the truth about as often as it says', () => {
  const rng = createRng(4);
  let covered = 0;
  for (let run = 0; run < 200; run++) {
    const drawn = Float64Array.from({ length: 60 }, () => Math.exp(normal(rng)));
    const options = { statistic: meanOf, alpha: 0.1, resamples: 400, rng };
    const { interval } = bootstrapInterval(drawn, options)!;
    if (interval[0] <= Math.exp(0.5) && Math.exp(0.5) <= interval[1]) covered++;
  }
  expect(covered / 200).toBeGreaterThan(0.78);
});

test('too few or constant values give null or a point, never NaN', () => {
  const options = { statistic: meanOf, alpha: 0.05, resamples: 100, rng: createRng(1) };
  expect(bootstrapInterval([3], options)).toBeNull();
  expect(bootstrapInterval([3, 3, 3], options)).toEqual({
    estimate: 3,
    interval: [3, 3],
    standardError: 0,
  });
});

test('a permutation p is uniform without a difference and small with one', () => {
  const rng = createRng(5);
  const statistic = (a: Float64Array, b: Float64Array): number => Math.abs(meanOf(a) - meanOf(b));
  const pOf = (shift: number): number => {
    const draw = (by: number) => Float64Array.from({ length: 30 }, () => by + normal(rng));
    return permutationPValue(draw(0), draw(shift), { statistic, permutations: 99, rng })!;
  };
  const unchanged = Array.from({ length: 200 }, () => pOf(0));
  const below = unchanged.filter((p) => p <= 0.2).length / 200;
  expect(below).toBeGreaterThan(0.1);
  expect(below).toBeLessThan(0.3);
  expect(pOf(3)).toBe(0.01);
});

test('a statistic that is not a number has no p', () => {
  const options = { statistic: () => Number.NaN, permutations: 9, rng: createRng(1) };
  expect(permutationPValue([1, 2], [3, 4], options)).toBeNull();
});
