import { type Rng, shuffle } from '../../core/rng.ts';

/**
 * Permutation p value of a two-sample statistic that grows with difference: the share of random relabellings
 * of the pooled values whose statistic is at least the one seen, the seen labelling among them.
 *
 * Definition: (1 + relabellings at least as large) / (1 + relabellings), never 0 (Phipson and Smyth 2010).
 * @returns null where the statistic of the samples as they are is not a number
 * @param statistic of the two samples, given as views on one pooled array that is shuffled between calls
 * Cost: `permutations` times the statistic and one shuffle.
 */
export function permutationPValue(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: {
    statistic: (a: Float64Array, b: Float64Array) => number;
    permutations: number;
    rng: Rng;
  },
): number | null {
  const pooled = new Float64Array(a.length + b.length);
  pooled.set(Array.from(a));
  pooled.set(Array.from(b), a.length);
  const statisticNow = (): number =>
    options.statistic(pooled.subarray(0, a.length), pooled.subarray(a.length));
  const seen = statisticNow();
  if (Number.isNaN(seen)) return null;
  let atLeast = 1;
  for (let i = 0; i < options.permutations; i++) {
    shuffle(pooled, options.rng);
    if (statisticNow() >= seen * (1 - 1e-12)) atLeast++;
  }
  return atLeast / (1 + options.permutations);
}
