import { populationStability } from './population-stability.ts';

/**
 * Population stability index less what chance alone gives it: how far two samples counted in the same
 * cells are apart beyond the noise of their sizes.
 *
 * Without any change n m / (n + m) x PSI is about chi-square with k - 1 degrees of freedom, so its mean is
 * (k - 1) (1/n + 1/m), k counting the cells that hold anything in either sample. With 20 cells and 200
 * values that is 0.1, a whole "moderate shift" out of nothing; it is taken off, and the rest is at least 0.
 * @param reference counts, shape [k]
 * @param current counts, shape [k]
 * @returns null when either sample is empty
 *
 * Cost: O(k). Source: Yurdakul and Naranjo, Statistical properties of the population stability index,
 * Journal of Risk Model Validation 14(4), 2020.
 */
export function stabilityBeyondChance(
  reference: readonly number[],
  current: readonly number[],
): number | null {
  const index = populationStability(reference, current);
  if (index === null) return null;
  let n = 0;
  let m = 0;
  let cells = 0;
  for (let i = 0; i < reference.length; i++) {
    n += reference[i];
    m += current[i];
    if (reference[i] + current[i] > 0) cells++;
  }
  return Math.max(0, index - (cells - 1) * (1 / n + 1 / m));
}
