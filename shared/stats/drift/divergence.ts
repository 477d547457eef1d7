/**
 * Distances between two discrete distributions over the same cells, given as shares that sum to 1.
 * All are 0 for equal distributions. Empty arrays give 0.
 */

/** Kullback-Leibler divergence of q from p, natural logarithm: sum p ln(p / q). Infinity where q is 0 and p is not. */
export const kullbackLeibler = (p: readonly number[], q: readonly number[]): number =>
  sumOver(p, q, (x, y) => (x === 0 ? 0 : x * Math.log(x / y)));

/** Jensen-Shannon distance: the root of the mean divergence from the middle, natural logarithm, in [0, sqrt(ln 2)]. */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const divergence = sumOver(p, q, (x, y) => {
    const middle = (x + y) / 2;
    const left = x === 0 ? 0 : x * Math.log(x / middle);
    return left + (y === 0 ? 0 : y * Math.log(y / middle));
  });
  return Math.sqrt(Math.max(0, divergence / 2));
}

/** Hellinger distance in [0, 1]: sqrt(1/2 sum (sqrt p - sqrt q)^2). */
export const hellinger = (p: readonly number[], q: readonly number[]): number =>
  Math.sqrt(sumOver(p, q, (x, y) => (Math.sqrt(x) - Math.sqrt(y)) ** 2) / 2);

/** Total variation distance in [0, 1]: half the sum of absolute differences. */
export const totalVariation = (p: readonly number[], q: readonly number[]): number =>
  sumOver(p, q, (x, y) => Math.abs(x - y)) / 2;

/** Largest difference of a cell's share, in [0, 1]. */
export const lInfinity = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((largest, x, i) => Math.max(largest, Math.abs(x - q[i])), 0);

/** Counts as shares of their sum; all 0 when nothing was counted. */
export function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

function sumOver(
  p: readonly number[],
  q: readonly number[],
  term: (x: number, y: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += term(p[i], q[i]);
  return sum;
}
