export type ExpectedAuc = {
  value: number;
  /** Of the area that labels of these chances would give: what the number of rows alone leaves open. */
  standardError: number;
};

/**
 * ROC-AUC of rows whose labels are not known but by their chances.
 *
 * Definition: from the expected confusion matrix at every threshold, by trapezoids. Standard error by the delta method
 * over independent labels: row i moves the area by (expected negatives below - expected positives above - area x
 * (negatives - positives)) / (positives x negatives), ties half.
 * @param chances of a positive label, in [0, 1]; they are the scores too
 * @returns null where all are the same, or no positive or no negative is to be expected
 * Cost: one sort. Reference implementation of the area: NannyML 0.13.1, CBPE.
 */
export function expectedAuc(chances: ArrayLike<number>): ExpectedAuc | null {
  const sorted = Float64Array.from(chances).sort();
  const n = sorted.length;
  let positives = 0;
  for (const chance of sorted) positives += chance;
  const negatives = n - positives;
  if (!(positives > 0 && negatives > 0) || sorted[0] === sorted[n - 1]) return null;
  let area = 0;
  eachTie(sorted, ({ from, to, chance, negativesBelow }) => {
    const rows = to - from;
    area += rows * chance * (negativesBelow + (rows * (1 - chance)) / 2);
  });
  const value = area / positives / negatives;
  let variance = 0;
  eachTie(sorted, ({ from, to, chance, negativesBelow, positivesAbove }) => {
    const rows = to - from;
    const below = negativesBelow + (rows * (1 - chance)) / 2;
    const above = positivesAbove + (rows * chance) / 2;
    const slope = (below - above - value * (negatives - positives)) / positives / negatives;
    variance += rows * chance * (1 - chance) * slope * slope;
  });
  return { value, standardError: Math.sqrt(variance) };
}

type Tie = {
  from: number;
  to: number;
  chance: number;
  negativesBelow: number;
  positivesAbove: number;
};

/** Visits the rows of each chance, ascending. */
function eachTie(sorted: Float64Array, visit: (tie: Tie) => void): void {
  let negativesBelow = 0;
  let positivesAbove = 0;
  for (const chance of sorted) positivesAbove += chance;
  for (let from = 0; from < sorted.length; ) {
    const chance = sorted[from];
    let to = from + 1;
    while (to < sorted.length && sorted[to] === chance) to++;
    positivesAbove = Math.max(0, positivesAbove - (to - from) * chance);
    visit({ from, to, chance, negativesBelow, positivesAbove });
    negativesBelow += (to - from) * (1 - chance);
    from = to;
  }
}
