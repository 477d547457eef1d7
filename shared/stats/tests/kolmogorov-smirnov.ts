import { finiteKolmogorovSurvival } from '../distributions/kolmogorov-finite.ts';
import { sortedSample } from './sorted-sample.ts';
import type { TestResult } from './test-result.ts';

/** Up to this sample size p is counted exactly. */
const EXACT_UP_TO = 10_000;
/** Beyond it, while so many points of the lattice lie within the band. */
const EXACT_POINTS = 3e7;

/** exact: counted; finite_n: the law of one sample of n m / (n + m) values, rounded, against a known distribution. */
export type KolmogorovSmirnovResult = TestResult & { law: 'exact' | 'finite_n' };

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided: the largest distance between the two empirical
 * distribution functions.
 *
 * p is exact (lattice paths) while neither sample is larger than 10,000, of larger ones where they are as many or
 * counting is cheap (12,000 against 200); else from the finite-n law (`law` says which). With ties p is an upper bound.
 * @param a, b samples, any length; NaN and infinities are left out
 * @returns statistic in [0, 1]; null when a sample is empty
 * Cost: two sorts; exact p O(n m) at worst, within the band of the statistic, 0.1 s where a sample is above 10,000.
 * Source: Hodges (1958); reference implementation: scipy.stats.ks_2samp 1.10.1 (method 'auto').
 */
export function kolmogorovSmirnov(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): KolmogorovSmirnovResult | null {
  return kolmogorovSmirnovSorted(sortedSample(a), sortedSample(b));
}

/** The same on ascending finite samples. */
export function kolmogorovSmirnovSorted(
  a: Float64Array,
  b: Float64Array,
): KolmogorovSmirnovResult | null {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return null;
  return kolmogorovSmirnovOfGap(largestGap(a, b), n, m);
}

/** The same of the largest distance in units of 1 / (n m), a whole number. */
export function kolmogorovSmirnovOfGap(
  distance: number,
  n: number,
  m: number,
): KolmogorovSmirnovResult {
  const statistic = distance / (n * m);
  const points = n * m * Math.min(1, 2 * statistic);
  const isCheap = n === m || Math.max(n, m) <= EXACT_UP_TO || points <= EXACT_POINTS;
  if (isCheap && Number.isInteger(n) && Number.isInteger(m))
    return { statistic, pValue: Math.min(1, exactP(n, m, distance)), law: 'exact' };
  const size = Math.round(n / (1 + n / m));
  return { statistic, pValue: finiteKolmogorovSurvival(statistic, size), law: 'finite_n' };
}

/** max |i m - j n| over the steps of both functions: the distance in units of 1 / (n m), a whole number. */
function largestGap(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const m = b.length;
  let largest = 0;
  let i = 0;
  let j = 0;
  while (i < n && j < m) {
    const value = a[i] < b[j] ? a[i] : b[j];
    while (i < n && a[i] === value) i++;
    while (j < m && b[j] === value) j++;
    const gap = Math.abs(i * m - j * n);
    if (gap > largest) largest = gap;
  }
  return largest;
}

/** Chance of a distance at least this large, all orders of the pooled sample equally likely. */
function exactP(n: number, m: number, distance: number): number {
  if (distance === 0) return 1;
  return n === m ? equalSizes(n, Math.round(distance / n)) : unequalSizes(n, m, distance);
}

/** Reflection principle for equal samples: alternating terms, nested so that small p keep their digits. */
function equalSizes(n: number, h: number): number {
  let p = 0;
  for (let k = Math.floor(n / h) - 1; k >= 0; k--) {
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio *= (n - k * h - j) / (n + k * h + j + 1);
    p = ratio * (1 - p);
  }
  return 2 * p;
}

/**
 * Share of lattice paths from (0, 0) to (n, m) that leave the band |i m - j n| < distance, column by column.
 * What is carried is the share of paths to a point that have left: no subtraction, so small p keep their digits.
 */
function unequalSizes(n: number, m: number, distance: number): number {
  const [long, short] = n > m ? [n, m] : [m, n];
  const left = new Float64Array(short + 1).fill(1);
  for (let j = 0; j <= short && j * long < distance; j++) left[j] = 0;
  for (let i = 1; i <= long; i++) {
    const from = Math.max(0, Math.floor((i * short - distance) / long) + 1);
    const to = Math.min(short, Math.ceil((i * short + distance) / long) - 1);
    if (to < from) return 1;
    let previous = from === 0 ? 0 : 1;
    for (let j = from; j <= to; j++) {
      previous = (left[j] * i + previous * j) / (i + j);
      left[j] = previous;
    }
    if (from > 0) left[from - 1] = 1;
  }
  return left[short];
}
