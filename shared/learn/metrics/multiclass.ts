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

/** Figures of one class against all others. Null: not defined for these rows. */
export type PerClass = {
  class: string;
  rows: number;
  precision: number;
  recall: number;
  f1: number;
  roc_auc: number | null;
  pr_auc: number | null;
};

/**
 * Figures of a classifier. Without a suffix, precision, recall, F1 and areas are means over the
 * classes that occur (macro); `_weighted` weighs them by their rows; F1 `_micro` is the accuracy.
 */
export type MulticlassMetrics = {
  rows: number;
  /** Rows whose class or probabilities are not valid: with any, all is null. */
  invalid: number;
  accuracy: number | null;
  balanced_accuracy: number | null;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  f1_micro: number | null;
  precision_weighted: number | null;
  recall_weighted: number | null;
  f1_weighted: number | null;
  roc_auc: number | null;
  roc_auc_weighted: number | null;
  pr_auc: number | null;
  log_loss: number | null;
  brier: number | null;
  ece: number | null;
  mcc: number | null;
  kappa: number | null;
  per_class: PerClass[];
  /** Rows by true class (down) and predicted class (across). */
  confusion: number[][];
};

/**
 * Meaning: how good the probabilities of several classes, and the likeliest class, are.
 * Definitions: log loss is the mean of -ln of the probability given to what happened, Brier (1950)
 * the mean over rows of the summed squared distances of all classes, ECE that of the likeliest
 * class over ten bins; areas are one class against all others, of the classes that have both kinds
 * of rows. Ties: the first class is predicted. Null: as `BinaryMetrics`.
 * Cost: classes x sorting. Reference: scikit-learn 1.2 metrics of the same names, average macro,
 * micro, weighted, multi_class ovr.
 * @param truth class codes
 * @param probabilities row-major [rows, classes], each in [0, 1]; rows are brought to the sum 1
 * @param classes labels by code
 */
export function multiclassMetrics(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: readonly string[],
): MulticlassMetrics {
  const rows = truth.length;
  const width = classes.length;
  if (rows * width !== probabilities.length)
    throw new Error(
      `Broken invariant: ${rows} rows of ${width} classes, ${probabilities.length} probabilities`,
    );
  const invalid = countInvalid(truth, probabilities, width);
  if (rows === 0 || invalid > 0) return unknown(rows, invalid);
  const { losses, predicted, likeliest, right } = walkRows(truth, probabilities, width);
  const matrix = confusionMatrix(truth, predicted, width);
  const counts = classCounts(matrix);
  const perClass = counts.map((one, code) => ({
    class: classes[code],
    rows: one.actual,
    precision: precisionOf(one),
    recall: recallOf(one),
    f1: f1Of(one),
    ...areasOf(code, { truth, probabilities, width, isMixed: one.actual % rows !== 0 }),
  }));
  return {
    ...{ rows, invalid, ...losses },
    ...averaged(perClass, counts),
    balanced_accuracy: balancedAccuracy(matrix),
    ece: expectedCalibrationError(reliabilityBins(likeliest, right)),
    mcc: matthewsCorrelation(matrix),
    kappa: cohensKappa(matrix),
    per_class: perClass,
    confusion: classes.map((_, code) => [
      ...matrix.counts.subarray(code * width, (code + 1) * width),
    ]),
  };
}

function walkRows(truth: ArrayLike<number>, probabilities: ArrayLike<number>, width: number) {
  const rows = truth.length;
  const predicted = new Uint32Array(rows);
  const likeliest = new Float64Array(rows);
  const right = new Uint8Array(rows);
  let loss = 0;
  let squares = 0;
  let rightRows = 0;
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    let total = 0;
    let best = 0;
    for (let code = 0; code < width; code++) {
      total += probabilities[from + code];
      if (probabilities[from + code] > probabilities[from + best]) best = code;
    }
    for (let code = 0; code < width; code++)
      squares += (probabilities[from + code] / total - (code === truth[row] ? 1 : 0)) ** 2;
    loss += logLossOf(probabilities[from + truth[row]] / total);
    predicted[row] = best;
    likeliest[row] = probabilities[from + best] / total;
    right[row] = best === truth[row] ? 1 : 0;
    rightRows += right[row];
  }
  const losses = { log_loss: loss / rows, brier: squares / rows, accuracy: rightRows / rows };
  return { losses, predicted, likeliest, right };
}

function areasOf(
  code: number,
  {
    truth,
    probabilities,
    width,
    isMixed,
  }: {
    truth: ArrayLike<number>;
    probabilities: ArrayLike<number>;
    width: number;
    isMixed: boolean;
  },
): Pick<PerClass, 'roc_auc' | 'pr_auc'> {
  if (!isMixed) return { roc_auc: null, pr_auc: null };
  const scores = new Float64Array(truth.length);
  const positive = new Uint8Array(truth.length);
  for (let row = 0; row < truth.length; row++) {
    scores[row] = probabilities[row * width + code];
    positive[row] = truth[row] === code ? 1 : 0;
  }
  return { roc_auc: rocAuc({ scores, positive }), pr_auc: prAuc({ scores, positive }) };
}

/** Means over the classes that occur in truth or prediction, and over those with areas. */
function averaged(perClass: readonly PerClass[], counts: readonly ClassCounts[]) {
  const occurring = perClass.filter((_, code) => counts[code].actual + counts[code].predicted > 0);
  const each = (figure: 'precision' | 'recall' | 'f1', isWeighted = false) =>
    mean(occurring.map((one) => ({ value: one[figure], weight: isWeighted ? one.rows : 1 })));
  const area = (figure: 'roc_auc' | 'pr_auc', isWeighted = false) =>
    mean(
      perClass.flatMap((one) => {
        const value = one[figure];
        return value === null ? [] : [{ value, weight: isWeighted ? one.rows : 1 }];
      }),
    );
  return {
    precision: each('precision'),
    recall: each('recall'),
    f1: each('f1'),
    f1_micro: mean(counts.map((one) => ({ value: recallOf(one), weight: one.actual }))),
    precision_weighted: each('precision', true),
    recall_weighted: each('recall', true),
    f1_weighted: each('f1', true),
    roc_auc: area('roc_auc'),
    roc_auc_weighted: area('roc_auc', true),
    pr_auc: area('pr_auc'),
  };
}

function mean(parts: readonly { value: number; weight: number }[]): number | null {
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  return weight === 0
    ? null
    : parts.reduce((sum, part) => sum + part.value * part.weight, 0) / weight;
}

function countInvalid(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  width: number,
): number {
  let invalid = 0;
  for (let row = 0; row < truth.length; row++) {
    let isValid = Number.isInteger(truth[row]) && truth[row] >= 0 && truth[row] < width;
    let total = 0;
    for (let code = 0; code < width; code++) {
      const probability = probabilities[row * width + code];
      if (!(probability >= 0 && probability <= 1)) isValid = false;
      total += probability;
    }
    if (!isValid || !(total > 0)) invalid++;
  }
  return invalid;
}

const unknown = (rows: number, invalid: number): MulticlassMetrics => ({
  rows,
  invalid,
  accuracy: null,
  balanced_accuracy: null,
  precision: null,
  recall: null,
  f1: null,
  f1_micro: null,
  precision_weighted: null,
  recall_weighted: null,
  f1_weighted: null,
  roc_auc: null,
  roc_auc_weighted: null,
  pr_auc: null,
  log_loss: null,
  brier: null,
  ece: null,
  mcc: null,
  kappa: null,
  per_class: [],
  confusion: [],
});
