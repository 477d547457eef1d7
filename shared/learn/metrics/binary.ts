import {
  balancedAccuracy,
  type ClassCounts,
  classCounts,
  cohensKappa,
  confusionMatrix,
  f1Of,
  matthewsCorrelation,
  precisionOf,
  recallOf,
} from './confusion.ts';
import { expectedCalibrationError, logLossOf, reliabilityBins } from './probability-loss.ts';
import { prAuc, rocAuc } from './ranking.ts';

/** Figures of a binary classifier. Null: not defined for these rows. */
export type BinaryMetrics = {
  rows: number;
  positives: number;
  /** Rows whose label is not 0 or 1, or whose probability is not in [0, 1]: with any, all is null. */
  invalid: number;
  roc_auc: number | null;
  pr_auc: number | null;
  log_loss: number | null;
  brier: number | null;
  ece: number | null;
  accuracy: number | null;
  balanced_accuracy: number | null;
  precision: number | null;
  recall: number | null;
  specificity: number | null;
  f1: number | null;
  mcc: number | null;
  kappa: number | null;
  threshold: number;
  /** [[true negatives, false positives], [false negatives, true positives]]. */
  confusion: [[number, number], [number, number]];
};

/**
 * Meaning: how good probabilities and the labels at a threshold are. Definitions: log loss is the
 * mean of -ln of the probability given to what happened, Brier the mean squared distance from it,
 * ECE over ten bins of equal width; precision, recall and F1 are 0 where nothing was found. Null:
 * areas of a class without rows, kappa of one class alone, and all figures of no rows or of invalid
 * ones. Cost: sorting. Reference: scikit-learn 1.2 metrics of the same names.
 * @param truth 1 for positive rows, 0 for others
 * @param probabilities of being positive, in [0, 1]
 * @param threshold a row is labelled positive from this probability on
 */
export function binaryMetrics(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { threshold = 0.5 }: { threshold?: number } = {},
): BinaryMetrics {
  const rows = truth.length;
  if (rows !== probabilities.length)
    throw new Error(`Broken invariant: ${rows} labels, ${probabilities.length} probabilities`);
  const invalid = countInvalid(truth, probabilities);
  if (rows === 0 || invalid > 0) return unknown({ rows, invalid, threshold });
  const predicted = new Uint8Array(rows);
  let loss = 0;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const given = truth[row] === 1 ? probabilities[row] : 1 - probabilities[row];
    loss += logLossOf(given);
    squares += (1 - given) ** 2;
    predicted[row] = probabilities[row] >= threshold ? 1 : 0;
  }
  const matrix = confusionMatrix(truth, predicted, 2);
  const [negative, positive] = classCounts(matrix);
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = matrix.counts;
  const scored = { scores: probabilities, positive: truth };
  return {
    ...{ rows, positives: positive.actual, invalid, threshold },
    ...areas(scored, negative, positive),
    log_loss: loss / rows,
    brier: squares / rows,
    ece: expectedCalibrationError(reliabilityBins(probabilities, truth)),
    accuracy: (truePositives + trueNegatives) / rows,
    balanced_accuracy: balancedAccuracy(matrix),
    precision: precisionOf(positive),
    recall: recallOf(positive),
    specificity: recallOf(negative),
    f1: f1Of(positive),
    mcc: matthewsCorrelation(matrix),
    kappa: cohensKappa(matrix),
    confusion: [
      [trueNegatives, falsePositives],
      [falseNegatives, truePositives],
    ],
  };
}

function areas(
  scored: { scores: ArrayLike<number>; positive: ArrayLike<number> },
  negative: ClassCounts,
  positive: ClassCounts,
): Pick<BinaryMetrics, 'roc_auc' | 'pr_auc'> {
  const hasPositives = positive.actual > 0;
  return {
    roc_auc: hasPositives && negative.actual > 0 ? rocAuc(scored) : null,
    pr_auc: hasPositives ? prAuc(scored) : null,
  };
}

function countInvalid(truth: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let invalid = 0;
  for (let row = 0; row < truth.length; row++) {
    const isLabel = truth[row] === 0 || truth[row] === 1;
    if (!isLabel || !(probabilities[row] >= 0 && probabilities[row] <= 1)) invalid++;
  }
  return invalid;
}

const unknown = (counted: { rows: number; invalid: number; threshold: number }): BinaryMetrics => ({
  ...counted,
  positives: 0,
  roc_auc: null,
  pr_auc: null,
  log_loss: null,
  brier: null,
  ece: null,
  accuracy: null,
  balanced_accuracy: null,
  precision: null,
  recall: null,
  specificity: null,
  f1: null,
  mcc: null,
  kappa: null,
  confusion: [
    [0, 0],
    [0, 0],
  ],
});
