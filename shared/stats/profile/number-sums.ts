import type { NumberProfile } from '../../contracts/profile.ts';
import type { SampleMoments } from '../moments.ts';

/**
 * What a profile's sums are taken from: near the middle of its edges, so that the sums are of the size of the values'
 * spread, not of their distance from zero. A function of the edges alone, so every side has the same.
 *
 * Definition: the middle edge, rounded to a multiple of the greatest power of two that is at most half of the edges'
 * width: a number of few bits, from which short decimals and whole numbers keep their exact sums.
 * @returns the edge where there is one, 0 where there is none
 */
export function originOf(edges: readonly number[]): number {
  if (edges.length === 0) return 0;
  const middle = edges[edges.length >> 1];
  const half = (edges[edges.length - 1] - edges[0]) / 2;
  if (!(half > 0) || !Number.isFinite(half)) return Number.isFinite(middle) ? middle : 0;
  let step = 1;
  while (step > half) step /= 2;
  while (step * 2 <= half) step *= 2;
  return Math.round(middle / step) * step + 0;
}

/** Sums of `n` values about an origin; undefined: of before there was one, about 0. */
export type NumberSums = { n: number; sum: number; sumSquares: number; origin: number | undefined };

/** The sums that a profile has. */
export const sumsOf = ({ counts, sum, sumSquares, origin }: NumberProfile): NumberSums => {
  let n = 0;
  for (const count of counts) n += count;
  return { n, sum, sumSquares, origin };
};

/** Sums of two samples together. Those of before there was an origin take the other's. */
export function mergeSums(a: NumberSums, b: NumberSums): NumberSums {
  const origin = a.origin ?? b.origin;
  const [left, right] = [about(a, origin), about(b, origin)];
  return {
    n: a.n + b.n,
    sum: left.sum + right.sum,
    sumSquares: left.sumSquares + right.sumSquares,
    origin,
  };
}

/** Gives a profile of before there was one its bins' origin, in place. */
export function giveOrigin(profile: NumberProfile): void {
  if (profile.origin !== undefined) return;
  const { sum, sumSquares, origin } = about(sumsOf(profile), originOf(profile.edges));
  Object.assign(profile, { sum, sumSquares, origin });
}

function about(sums: NumberSums, origin: number | undefined): NumberSums {
  const { n, sum, sumSquares } = sums;
  const by = (sums.origin ?? 0) - (origin ?? 0);
  return by === 0
    ? { ...sums, origin }
    : { n, sum: sum + n * by, sumSquares: sumSquares + 2 * by * sum + n * by * by, origin };
}

/** So many times their rounding, squared distances are known to a few per cent. */
const LOST = 16;

/** Sums of values far from zero, of before there was an origin: what the values differ by is rounded away. */
function isLost({ n, sum, sumSquares, origin }: NumberSums): boolean {
  if (origin !== undefined || sumSquares === 0) return false;
  return !(sumSquares - (sum * sum) / n > LOST * Math.sqrt(n) * Number.EPSILON * sumSquares);
}

/**
 * Moments of a profile's values that are not missing. Right to rounding in units of the values' spread, wherever they
 * lie; what rounding alone may have left of the squares is 0.
 * @returns mean and squares 0 of no values; null of a profile of before there was an origin, whose sums no longer say
 * by how much its values differ
 */
export function momentsOfProfile(profile: NumberProfile): SampleMoments | null {
  const sums = sumsOf(profile);
  const { n, sum, sumSquares, origin = 0 } = sums;
  if (n === 0) return { n, mean: 0, squares: 0 };
  if (!Number.isFinite(sumSquares) || isLost(sums)) return null;
  const fromOrigin = sum / n;
  const squares = sumSquares - sum * fromOrigin;
  const isRounding = squares <= n * Number.EPSILON * sumSquares;
  return { n, mean: origin + fromOrigin, squares: isRounding ? 0 : squares };
}
