import type { Rng } from '../../core/rng.ts';
import {
  type HypergeometricParameters,
  hypergeometricDensity,
} from '../distributions/hypergeometric.ts';

/** Up to so many values of a cell each is dealt by itself; of more, how many are dealt is drawn at once. */
const DEALT_UP_TO = 64;

/**
 * Deals counted values to two samples at random, all divisions equally likely, and tells how many of each cell the
 * first sample gets.
 * @param pooled whole counts of both samples together, shape [k]
 * @param size of the first sample, at most the sum of `pooled`
 * @param dealt is written, shape [k]
 * Cost: a random number a value in cells of up to 64 values, O(root of the count) in larger ones.
 * Source: Fan, Muller and Rezucha (1962) for single values; inversion from the mode for larger cells.
 */
export function dealCounts(
  pooled: ArrayLike<number>,
  { size, total, rng }: { size: number; total: number; rng: Rng },
  dealt: Float64Array,
): void {
  let needed = size;
  let left = total;
  for (let i = 0; i < pooled.length; i++) {
    const count = pooled[i];
    let got = 0;
    if (count > DEALT_UP_TO) {
      got = drawHypergeometric({ marked: count, unmarked: left - count, drawn: needed }, rng);
    } else
      for (let rest = left; rest > left - count; rest--) if (rng() * rest < needed - got) got++;
    dealt[i] = got;
    needed -= got;
    left -= count;
  }
}

/**
 * How many marked ones are among those drawn: chances are taken off a uniform number, the mode's first and then its
 * neighbours' on both sides. Cost: O(standard deviation).
 */
export function drawHypergeometric(urn: HypergeometricParameters, rng: Rng): number {
  const { marked, unmarked, drawn } = urn;
  const [least, most] = [Math.max(0, drawn - unmarked), Math.min(marked, drawn)];
  if (least === most) return least;
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (marked + unmarked + 2));
  const atMode = hypergeometricDensity(mode, urn);
  let rest = rng() - atMode;
  let [low, high] = [mode, mode];
  let [below, above] = [atMode, atMode];
  while (rest >= 0 && (low > least || high < most)) {
    if (high < most) {
      above *= ((marked - high) / (high + 1)) * ((drawn - high) / (unmarked - drawn + high + 1));
      high++;
      rest -= above;
      if (rest < 0) return high;
    }
    if (low > least) {
      below *= (low / (marked - low + 1)) * ((unmarked - drawn + low) / (drawn - low + 1));
      low--;
      rest -= below;
      if (rest < 0) return low;
    }
    if (above + below < 1e-18) break;
  }
  return mode;
}
