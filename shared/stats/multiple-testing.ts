/**
 * Adjusted p values of a family of tests: rejecting those at or below alpha keeps the named error rate.
 * Each takes p values in any order, shape [m], and answers in that order; an empty family gives [].
 */

/** Family-wise error rate under any dependence: min(1, m p). */
export const bonferroni = (pValues: readonly number[]): number[] =>
  pValues.map((p) => Math.min(1, p * pValues.length));

/** Family-wise error rate under any dependence, never weaker than Bonferroni. Source: Holm (1979). */
export function holm(pValues: readonly number[]): number[] {
  const m = pValues.length;
  let highest = 0;
  return inOrder(pValues, (p, rank) => {
    highest = Math.max(highest, Math.min(1, (m - rank) * p));
    return highest;
  });
}

/** False discovery rate under independence or positive dependence. Source: Benjamini and Hochberg (1995). */
export const benjaminiHochberg = (pValues: readonly number[]): number[] => stepUp(pValues, 1);

/** False discovery rate under any dependence. Source: Benjamini and Yekutieli (2001). */
export function benjaminiYekutieli(pValues: readonly number[]): number[] {
  let harmonic = 0;
  for (let i = 1; i <= pValues.length; i++) harmonic += 1 / i;
  return stepUp(pValues, harmonic);
}

function stepUp(pValues: readonly number[], factor: number): number[] {
  const m = pValues.length;
  const order = orderOf(pValues);
  const adjusted = new Array<number>(m);
  let lowest = 1;
  for (let rank = m - 1; rank >= 0; rank--) {
    lowest = Math.min(lowest, (factor * m * pValues[order[rank]]) / (rank + 1));
    adjusted[order[rank]] = lowest;
  }
  return adjusted;
}

function inOrder(
  pValues: readonly number[],
  adjust: (p: number, rank: number) => number,
): number[] {
  const adjusted = new Array<number>(pValues.length);
  orderOf(pValues).forEach((at, rank) => {
    adjusted[at] = adjust(pValues[at], rank);
  });
  return adjusted;
}

const orderOf = (pValues: readonly number[]): number[] =>
  pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
