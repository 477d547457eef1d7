/** Shares of two samples in the cells that hold anything, and how far they are apart. */
export type Stability = {
  reference: number[];
  current: number[];
  /** Values of each sample. */
  n: number;
  m: number;
  /** Population stability index of the two samples, noise and all. */
  index: number;
  /** What chance alone gives it at these sizes: a chi-square of `df` degrees of freedom, times `scale`. */
  noise: { df: number; scale: number };
};

/**
 * Population stability index less what chance alone gives it: how far two samples counted in the same
 * cells are apart beyond the noise of their sizes.
 *
 * Without any change n m / (n + m) x PSI is about chi-square with k - 1 degrees of freedom, so its mean is
 * (k - 1) (1/n + 1/m), k counting the cells that hold anything in either sample. With 20 cells and 200
 * values that is 0.1, a whole "moderate shift" out of nothing; it is taken off, and the rest is at least 0.
 * `psiEffect` is this with an interval.
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
  const stability = stabilityOf(reference, current);
  if (!stability) return null;
  const { index, noise } = stability;
  return Math.max(0, index - noise.df * noise.scale);
}

/**
 * The index of two samples over the cells that hold anything, and its noise. Half a count is added to each such cell
 * of both (Jeffreys), so that one empty in a single sample contributes a finite amount.
 * @returns null when either sample is empty
 */
export function stabilityOf(
  reference: readonly number[],
  current: readonly number[],
): Stability | null {
  const cells = usedCells(reference, current);
  if (!cells) return null;
  const { n, m } = cells;
  const share = (counts: readonly number[], size: number): number[] =>
    counts.map((count) => (count + 0.5) / (size + 0.5 * counts.length));
  const p = share(cells.reference, n);
  const q = share(cells.current, m);
  let index = 0;
  for (let i = 0; i < p.length; i++) index += (p[i] - q[i]) * Math.log(p[i] / q[i]);
  const noise = { df: p.length - 1, scale: 1 / n + 1 / m };
  return { reference: p, current: q, n, m, index, noise };
}

/** Counts in the cells that hold anything in either sample; null when a sample is empty. */
export function usedCells(
  reference: readonly number[],
  current: readonly number[],
): { reference: number[]; current: number[]; n: number; m: number } | null {
  const used = { reference: [] as number[], current: [] as number[], n: 0, m: 0 };
  for (let i = 0; i < reference.length; i++) {
    if (reference[i] + current[i] === 0) continue;
    used.reference.push(reference[i]);
    used.current.push(current[i]);
    used.n += reference[i];
    used.m += current[i];
  }
  return used.n === 0 || used.m === 0 ? null : used;
}
