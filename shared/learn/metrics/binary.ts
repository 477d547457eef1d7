import { prAuc, rocAuc } from './ranking.ts';

/** Figures of a binary classifier; a label is positive from a probability of 0.5 on. */
export type BinaryMetrics = {
  rows: number;
  roc_auc: number;
  pr_auc: number;
  log_loss: number;
  brier: number;
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
};

/** Keeps the logarithm finite, as scikit-learn does for float64. */
const LEAST_PROBABILITY = 2 ** -52;

/**
 * Meaning: how good probabilities and the labels at 0.5 are. Definitions: log loss is the mean of
 * -ln of the probability given to what happened, Brier the mean squared distance from it; precision,
 * recall and F1 are 0 where nothing was found. NaN: areas that need a class without rows, and means
 * of no rows. Reference: scikit-learn 1.2 metrics of the same names.
 * @param positive 1 for positive rows, 0 for others
 * @param probabilities of being positive, in [0, 1]
 */
export function binaryMetrics(
  positive: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): BinaryMetrics {
  const rows = positive.length;
  const sums = { loss: 0, squares: 0, found: 0, labelled: 0, positives: 0, right: 0 };
  for (let row = 0; row < rows; row++) {
    const p = probabilities[row];
    const isPositive = positive[row] === 1;
    const isLabelled = p >= 0.5;
    const given = isPositive ? p : 1 - p;
    sums.loss -= Math.log(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, given)));
    sums.squares += (1 - given) ** 2;
    if (isPositive) sums.positives++;
    if (isLabelled) sums.labelled++;
    if (isPositive && isLabelled) sums.found++;
    if (isPositive === isLabelled) sums.right++;
  }
  return {
    rows,
    roc_auc: rocAuc({ scores: probabilities, positive }),
    pr_auc: prAuc({ scores: probabilities, positive }),
    log_loss: sums.loss / rows,
    brier: sums.squares / rows,
    accuracy: sums.right / rows,
    precision: sums.labelled === 0 ? 0 : sums.found / sums.labelled,
    recall: sums.positives === 0 ? 0 : sums.found / sums.positives,
    f1: sums.found === 0 ? 0 : (2 * sums.found) / (sums.labelled + sums.positives),
  };
}
