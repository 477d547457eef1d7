import { normalSurvival } from '../distributions/normal.ts';
import { sortedSample, walkTies } from './sorted-sample.ts';
import type { Alternative, TestResult } from './test-result.ts';

/** Up to this size of the smaller sample, without ties, p is counted exactly. */
const EXACT_UP_TO = 8;

/**
 * Mann-Whitney U test: is a value of `a` as likely to be above a value of `b` as below it?
 *
 * Definition: U = pairs with a > b, ties half. p from the normal limit with tie correction and continuity
 * correction; exact where the smaller sample has at most 8 values and there are no ties.
 * @param alternative 'less': `a` tends to be below `b`
 * @returns statistic U of `a`; null when a sample is empty; p 1 when all values are equal
 * Source: Mann and Whitney (1947); reference implementation: scipy.stats.mannwhitneyu 1.10.1 (method 'auto').
 */
export function mannWhitney(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  alternative: Alternative = 'two-sided',
): TestResult | null {
  const sortedA = sortedSample(a);
  const sortedB = sortedSample(b);
  const n = sortedA.length;
  const m = sortedB.length;
  if (n === 0 || m === 0) return null;
  let u = 0;
  let cubes = 0;
  walkTies(sortedA, sortedB, ({ inA, inB, belowB }) => {
    const t = inA + inB;
    u += inA * (belowB + inB / 2);
    cubes += t * t * t - t;
  });
  const isExact = cubes === 0 && Math.min(n, m) <= EXACT_UP_TO;
  const above = (x: number): number =>
    isExact ? exactSurvival(x, n, m) : limitSurvival(x, { n, m, cubes });
  return { statistic: u, pValue: pOf(u, n * m - u, alternative, above) };
}

/** The same, two-sided, on counts in the same ordered bins: values of one bin are ties. Normal limit. */
export function mannWhitneyOfCounts(a: readonly number[], b: readonly number[]): TestResult | null {
  const total = (counts: readonly number[]): number => counts.reduce((sum, x) => sum + x, 0);
  const [n, m] = [total(a), total(b)];
  if (n === 0 || m === 0) return null;
  let u = 0;
  let cubes = 0;
  let belowB = 0;
  for (let i = 0; i < a.length; i++) {
    const t = a[i] + b[i];
    u += a[i] * (belowB + b[i] / 2);
    cubes += t * t * t - t;
    belowB += b[i];
  }
  const above = (x: number): number => limitSurvival(x, { n, m, cubes });
  return { statistic: u, pValue: pOf(u, n * m - u, 'two-sided', above) };
}

function pOf(
  u: number,
  other: number,
  alternative: Alternative,
  above: (u: number) => number,
): number {
  if (alternative === 'greater') return Math.min(1, above(u));
  if (alternative === 'less') return Math.min(1, above(other));
  return Math.min(1, 2 * above(Math.max(u, other)));
}

/** Chance of at least u by the normal limit. */
function limitSurvival(u: number, sizes: { n: number; m: number; cubes: number }): number {
  const { n, m, cubes } = sizes;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - cubes / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  return normalSurvival((u - (n * m) / 2 - 0.5) / Math.sqrt(variance));
}

/** Chance of at least u: the number of partitions of v into at most n parts of at most m, over all orders. */
function exactSurvival(u: number, n: number, m: number): number {
  const counts = new Float64Array(n * m + 1);
  counts[0] = 1;
  for (let i = 1; i <= n; i++) {
    for (let v = n * m; v >= m + i; v--) counts[v] -= counts[v - m - i];
    for (let v = i; v <= n * m; v++) counts[v] += counts[v - i];
  }
  let total = 0;
  let above = 0;
  for (let v = 0; v <= n * m; v++) {
    total += counts[v];
    if (v >= u) above += counts[v];
  }
  return above / total;
}
