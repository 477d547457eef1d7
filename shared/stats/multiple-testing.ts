/**
 * Adjusted p values of a family of tests: rejecting those at or below alpha keeps the named error rate.
 * Each takes p values in any order, shape [m], and answers in that order; an empty family gives []. A p that is NaN is
 * of no test: it stays NaN and is not counted.
 */

/** Family-wise error rate under any dependence: min(1, m p). */
export function bonferroni(pValues: readonly number[]): number[] {
  const m = testsIn(pValues);
  return pValues.map((p) => Math.min(1, p * m));
}

/** Family-wise error rate under any dependence, never weaker than Bonferroni. Source: Holm (1979). */
export function holm(pValues: readonly number[]): number[] {
  const m = testsIn(pValues);
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
  const m = testsIn(pValues);
  for (let i = 1; i <= m; i++) harmonic += 1 / i;
  return stepUp(pValues, harmonic);
}

function stepUp(pValues: readonly number[], factor: number): number[] {
  const order = orderOf(pValues);
  const m = order.length;
  const adjusted = pValues.map(() => Number.NaN);
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
  const adjusted = pValues.map(() => Number.NaN);
  orderOf(pValues).forEach((at, rank) => {
    adjusted[at] = adjust(pValues[at], rank);
  });
  return adjusted;
}

const testsIn = (pValues: readonly number[]): number =>
  pValues.filter((p) => !Number.isNaN(p)).length;

const orderOf = (pValues: readonly number[]): number[] =>
  pValues.flatMap((p, i) => (Number.isNaN(p) ? [] : [i])).sort((i, j) => pValues[i] - pValues[j]);
