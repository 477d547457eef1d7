/** Rows by true class (down) and predicted class (across), row-major [classes, classes]. */
export type ConfusionMatrix = { classes: number; counts: Float64Array };

/** @param truth, predicted class codes 0 .. classes - 1, of one length */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < truth.length; row++) counts[truth[row] * classes + predicted[row]]++;
  return { classes, counts };
}

/** One class against all others. */
export type ClassCounts = { right: number; predicted: number; actual: number };

export function classCounts({ classes, counts }: ConfusionMatrix): ClassCounts[] {
  return Array.from({ length: classes }, (_, code) => {
    let predicted = 0;
    let actual = 0;
    for (let other = 0; other < classes; other++) {
      predicted += counts[other * classes + code];
      actual += counts[code * classes + other];
    }
    return { right: counts[code * classes + code], predicted, actual };
  });
}

/** Share of the predictions that are right; 0 where nothing was predicted. */
export const precisionOf = ({ right, predicted }: ClassCounts): number =>
  predicted === 0 ? 0 : right / predicted;

/** Share of the class that was found; 0 where it has no rows. */
export const recallOf = ({ right, actual }: ClassCounts): number =>
  actual === 0 ? 0 : right / actual;

/** Harmonic mean of precision and recall; 0 where nothing was found. */
export const f1Of = ({ right, predicted, actual }: ClassCounts): number =>
  right === 0 ? 0 : (2 * right) / (predicted + actual);

/** The mean recall of the classes that have rows; null without rows. */
export function balancedAccuracy(matrix: ConfusionMatrix): number | null {
  const recalls = classCounts(matrix)
    .filter(({ actual }) => actual > 0)
    .map(recallOf);
  return recalls.length === 0 ? null : sum(recalls) / recalls.length;
}

/**
 * Matthews correlation of truth and prediction, for any number of classes: from -1 to 1, 0 where
 * either is constant; null without rows.
 * Source: Gorodkin 2004. Reference: scikit-learn 1.2 matthews_corrcoef.
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number | null {
  const { rows, right, counts } = totals(matrix);
  if (rows === 0) return null;
  const covariance = right * rows - sum(counts.map((one) => one.predicted * one.actual));
  const predictedVariance = rows ** 2 - sum(counts.map((one) => one.predicted ** 2));
  const actualVariance = rows ** 2 - sum(counts.map((one) => one.actual ** 2));
  const scale = Math.sqrt(predictedVariance * actualVariance);
  return scale === 0 ? 0 : covariance / scale;
}

/**
 * Agreement beyond what chance would give; null without rows, and where truth and prediction are
 * one and the same class, so that chance alone agrees always.
 * Source: Cohen 1960. Reference: scikit-learn 1.2 cohen_kappa_score, which has NaN there.
 */
export function cohensKappa(matrix: ConfusionMatrix): number | null {
  const { rows, right, counts } = totals(matrix);
  const byChance = sum(counts.map((one) => one.predicted * one.actual));
  return rows === 0 || byChance === rows ** 2
    ? null
    : (right * rows - byChance) / (rows ** 2 - byChance);
}

function totals(matrix: ConfusionMatrix): { rows: number; right: number; counts: ClassCounts[] } {
  const counts = classCounts(matrix);
  const rows = sum(counts.map((one) => one.actual));
  return { rows, right: sum(counts.map((one) => one.right)), counts };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
