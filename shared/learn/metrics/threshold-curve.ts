/** Scores of rows and which of them are positive (1) or not (0), in the same order. */
export type ScoredRows = { scores: ArrayLike<number>; positive: ArrayLike<number> };

/** By distinct score, the highest first: how many rows of each kind score that much or more. */
export type ThresholdCurve = {
  thresholds: Float64Array;
  truePositives: Float64Array;
  falsePositives: Float64Array;
  positives: number;
  negatives: number;
};

/**
 * What every threshold finds: the points of the ROC and the precision-recall curve. Rows with the
 * same score enter together. A score that is NaN is a bug.
 * Cost: two sorts of typed arrays. Reference: scikit-learn 1.2 _binary_clf_curve.
 */
export function thresholdCurve({ scores, positive }: ScoredRows): ThresholdCurve {
  if (hasNaN(scores)) throw new Error('Broken invariant: a score is NaN');
  const { found, others } = ascending(scores, positive);
  const most = found.length + others.length;
  const thresholds = new Float64Array(most);
  const truePositives = new Float64Array(most);
  const falsePositives = new Float64Array(most);
  let steps = 0;
  let i = found.length;
  let j = others.length;
  while (i > 0 || j > 0) {
    const isFound = j === 0 || (i > 0 && found[i - 1] >= others[j - 1]);
    const score = isFound ? found[i - 1] : others[j - 1];
    while (i > 0 && found[i - 1] === score) i--;
    while (j > 0 && others[j - 1] === score) j--;
    thresholds[steps] = score;
    truePositives[steps] = found.length - i;
    falsePositives[steps++] = others.length - j;
  }
  return {
    thresholds: thresholds.slice(0, steps),
    truePositives: truePositives.slice(0, steps),
    falsePositives: falsePositives.slice(0, steps),
    positives: found.length,
    negatives: others.length,
  };
}

export function hasNaN(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

/** The scores of each kind of row, sorted. */
function ascending(
  scores: ArrayLike<number>,
  positive: ArrayLike<number>,
): { found: Float64Array; others: Float64Array } {
  const found = new Float64Array(scores.length);
  const others = new Float64Array(scores.length);
  let positives = 0;
  let negatives = 0;
  for (let row = 0; row < scores.length; row++) {
    if (positive[row] === 1) found[positives++] = scores[row];
    else others[negatives++] = scores[row];
  }
  return {
    found: found.subarray(0, positives).sort(),
    others: others.subarray(0, negatives).sort(),
  };
}
