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
