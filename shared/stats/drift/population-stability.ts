/**
 * Population stability index of two samples counted in the same cells:
 * the sum over cells of (p - q) ln(p / q), p and q the cells' shares.
 *
 * Zeros: half a count is added to every cell of both samples (Jeffreys), so that an empty cell
 * contributes a finite amount that shrinks as the samples grow; no cell is left out.
 * @param reference counts, shape [k]
 * @param current counts, shape [k]
 * @returns null when either sample is empty; else >= 0, symmetric. Without any change its mean is about
 * (k - 1) (1/n + 1/m): read it together with a test.
 *
 * Cost: O(k). Source: Lewis, An Introduction to Credit Scoring (1994); symmetrised Kullback-Leibler divergence.
 */
export function populationStability(
  reference: readonly number[],
  current: readonly number[],
): number | null {
  const k = reference.length;
  let n = 0;
  let m = 0;
  for (let i = 0; i < k; i++) {
    n += reference[i];
    m += current[i];
  }
  if (n === 0 || m === 0) return null;
  let index = 0;
  for (let i = 0; i < k; i++) {
    const p = (reference[i] + 0.5) / (n + 0.5 * k);
    const q = (current[i] + 0.5) / (m + 0.5 * k);
    index += (p - q) * Math.log(p / q);
  }
  return index;
}
