import { sumOf } from '../tests/value-runs.ts';

/** What the terms of a distance are worked out from: sizes of both samples and the number of cells. */
export type TableSizes = { n: number; m: number; k: number };

/** A distance of two samples counted in the same cells, as a sum (or the largest) of terms of a cell each. */
export type CountDistance = {
  term: (sizes: TableSizes) => (a: number, b: number) => number;
  isLargest?: boolean;
  finish?: (sum: number) => number;
};

const half = (sum: number): number => sum / 2;
const rootOfHalf = (sum: number): number => Math.sqrt(Math.max(0, sum / 2));

/** Shares with half a count added to every cell, so that a zero is not infinite. */
const smoothed =
  (term: (p: number, q: number) => number) =>
  ({ n, m, k }: TableSizes) =>
  (a: number, b: number): number =>
    term((a + 0.5) / (n + 0.5 * k), (b + 0.5) / (m + 0.5 * k));

const plain =
  (term: (p: number, q: number) => number) =>
  ({ n, m }: TableSizes) =>
  (a: number, b: number): number =>
    term(a / n, b / m);

/** The distances of `divergence.ts` and `population-stability.ts` by their names in Evidently. */
export const COUNT_DISTANCE_TERMS = {
  psi: { term: smoothed((p, q) => (p - q) * Math.log(p / q)) },
  kl_div: { term: smoothed((p, q) => p * Math.log(p / q)) },
  jensenshannon: {
    term: plain((p, q) => {
      const middle = (p + q) / 2;
      const left = p === 0 ? 0 : p * Math.log(p / middle);
      return left + (q === 0 ? 0 : q * Math.log(q / middle));
    }),
    finish: rootOfHalf,
  },
  hellinger: { term: plain((p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2), finish: rootOfHalf },
  TVD: { term: plain((p, q) => Math.abs(p - q)), finish: half },
  l_infinity: { term: plain((p, q) => Math.abs(p - q)), isLargest: true },
} satisfies Record<string, CountDistance>;

export type CountDistanceName = keyof typeof COUNT_DISTANCE_TERMS;

export const sizesOf = (a: ArrayLike<number>, b: ArrayLike<number>): TableSizes => ({
  n: sumOf(a),
  m: sumOf(b),
  k: a.length,
});

/** A distance of two samples; 0 where one is empty. Cost: O(k). */
export function distanceOfCounts(
  { term, isLargest, finish }: CountDistance,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  const sizes = sizesOf(a, b);
  if (sizes.n === 0 || sizes.m === 0) return 0;
  const of = term(sizes);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const part = of(a[i], b[i]);
    sum = isLargest ? Math.max(sum, part) : sum + part;
  }
  return finish ? finish(sum) : sum;
}
