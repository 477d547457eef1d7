import { type Rng, shuffle } from '../../core/rng.ts';
import { unitScale } from '../tests/unit-scale.ts';
import { sumOf } from '../tests/value-runs.ts';

export type MmdResult = {
  /** Squared maximum mean discrepancy, biased (V-statistic), at least 0. */
  statistic: number;
  pValue: number;
  /** Standard deviation of the kernel. */
  bandwidth: number;
};

/**
 * Maximum mean discrepancy of two samples of rows with a Gaussian kernel, p by permutation of rows.
 * Sees any difference of joint distributions. The bandwidth is the median distance of the pooled rows.
 * @param a, b rows of equal width, no missing values, shapes [n, d] and [m, d]
 * @returns null when a sample has fewer than two rows; (n + m)^2 numbers are held, so sample long ones first
 * Cost: O((n + m)^2 (d + permutations)). Source: Gretton et al., A Kernel Two-Sample Test (2012).
 */
export function maximumMeanDiscrepancy(
  a: readonly ArrayLike<number>[],
  b: readonly ArrayLike<number>[],
  options: { permutations: number; rng: Rng },
): MmdResult | null {
  const n = a.length;
  const total = n + b.length;
  if (n < 2 || b.length < 2) return null;
  const rows = [...a, ...b];
  const scale = unitScale(...rows);
  const squared = squaredDistances(rows, scale);
  const bandwidth = Math.sqrt(medianPositive(squared, total));
  const kernel = squared.map((distance) => Math.exp(-distance / (2 * bandwidth * bandwidth)));
  const sums = rowSums(kernel, total);
  const table = { kernel, sums, all: sumOf(sums) };
  const order = Int32Array.from({ length: total }, (_, i) => i);
  const statistic = discrepancy(table, order, n);
  if (!Number.isFinite(statistic)) return null;
  let atLeast = 1;
  for (let i = 0; i < options.permutations; i++) {
    const drawn = discrepancy(table, shuffle(order, options.rng), n);
    if (drawn >= statistic - ROUNDING) atLeast++;
  }
  const pValue = atLeast / (1 + options.permutations);
  return { statistic: Math.max(0, statistic), pValue, bandwidth: bandwidth / scale };
}

/** Mean kernels are at most 1 and added to about this. */
const ROUNDING = 1e-13;

function squaredDistances(rows: readonly ArrayLike<number>[], scale: number): Float64Array {
  const total = rows.length;
  const squared = new Float64Array(total * total);
  for (let i = 0; i < total; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let c = 0; c < rows[i].length; c++)
        sum += (rows[i][c] * scale - rows[j][c] * scale) ** 2;
      squared[i * total + j] = sum;
      squared[j * total + i] = sum;
    }
  return squared;
}

/** Median squared distance of different rows; 1 where most rows are equal. */
function medianPositive(squared: Float64Array, total: number): number {
  const upper = new Float64Array((total * (total - 1)) / 2);
  let at = 0;
  for (let i = 0; i < total; i++) for (let j = 0; j < i; j++) upper[at++] = squared[i * total + j];
  return upper.sort()[upper.length >> 1] || 1;
}

function rowSums(kernel: Float64Array, total: number): Float64Array {
  const sums = new Float64Array(total);
  for (let i = 0; i < total; i++) for (let j = 0; j < total; j++) sums[i] += kernel[i * total + j];
  return sums;
}

/** From the pairs within the first sample and its rows' sums: what is left lies across and within the other. */
function discrepancy(
  { kernel, sums, all }: { kernel: Float64Array; sums: Float64Array; all: number },
  order: Int32Array,
  n: number,
): number {
  const total = order.length;
  const m = total - n;
  let pairs = 0;
  let ofFirst = 0;
  for (let i = 0; i < n; i++) {
    const row = order[i] * total;
    ofFirst += sums[order[i]];
    for (let j = 0; j < i; j++) pairs += kernel[row + order[j]];
  }
  const within = n + 2 * pairs;
  const across = ofFirst - within;
  const other = all - ofFirst - across;
  return within / (n * n) + other / (m * m) - (2 * across) / (n * m);
}

/**
 * The statistic of counted numbers, weighed by the same kernel: what `maximumMeanDiscrepancy` has of the values
 * themselves. A function of the counts, so that tables of the same values can be compared.
 * @param places the values, shape [k]; pooled counts of both samples, shape [k]
 * Cost: O(k^2 log k) once and O(k^2) a table.
 */
export function discrepancyOfCounts(
  places: readonly number[],
  pooled: readonly number[],
): (a: readonly number[], b: readonly number[]) => number {
  const k = places.length;
  const scale = unitScale(places);
  const values = places.map((place) => place * scale);
  const squared = medianSquare(values, pooled);
  const kernel = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < i; j++)
      kernel[i * k + j] = Math.exp(-((values[i] - values[j]) ** 2) / (2 * squared));
  return (a, b) => {
    const [n, m] = [sumOf(a), sumOf(b)];
    const gaps = Float64Array.from(a, (count, i) => count / n - b[i] / m);
    let sum = 0;
    for (let i = 0; i < k; i++) {
      let row = gaps[i] / 2;
      for (let j = 0; j < i; j++) row += gaps[j] * kernel[i * k + j];
      sum += 2 * gaps[i] * row;
    }
    return Math.max(0, sum);
  };
}

/** Median squared distance of different rows, as `medianPositive`, of counted values. */
function medianSquare(values: readonly number[], pooled: readonly number[]): number {
  const pairs: [square: number, count: number][] = [];
  values.forEach((value, i) => {
    pairs.push([0, (pooled[i] * (pooled[i] - 1)) / 2]);
    for (let j = 0; j < i; j++) pairs.push([(value - values[j]) ** 2, pooled[i] * pooled[j]]);
  });
  pairs.sort(([left], [right]) => left - right);
  let left = Math.floor(pairs.reduce((sum, [, count]) => sum + count, 0) / 2);
  for (const [square, count] of pairs) {
    if (count > left) return square || 1;
    left -= count;
  }
  return 1;
}
