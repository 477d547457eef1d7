import { hasNaN, type ScoredRows, thresholdCurve } from './threshold-curve.ts';

/**
 * Area under the ROC curve: the chance that a positive row scores above another, ties counted half
 * (Hanley and McNeil 1982). NaN where one class has no rows or a score is NaN. Cost: sorting.
 * Reference: scikit-learn 1.2 roc_auc_score.
 */
export function rocAuc(rows: ScoredRows): number {
  if (hasNaN(rows.scores)) return Number.NaN;
  const { truePositives, falsePositives, positives, negatives } = thresholdCurve(rows);
  let doubledArea = 0;
  let foundBefore = 0;
  let falseBefore = 0;
  for (let i = 0; i < truePositives.length; i++) {
    doubledArea += (falsePositives[i] - falseBefore) * (truePositives[i] + foundBefore);
    foundBefore = truePositives[i];
    falseBefore = falsePositives[i];
  }
  return doubledArea / 2 / (positives * negatives);
}

/**
 * Average precision: precision at each score, weighted by the recall it adds, without interpolation.
 * NaN where no row is positive or a score is NaN. Cost: sorting.
 * Reference: scikit-learn 1.2 average_precision_score.
 */
export function prAuc(rows: ScoredRows): number {
  if (hasNaN(rows.scores)) return Number.NaN;
  const { truePositives, falsePositives, positives } = thresholdCurve(rows);
  let area = 0;
  let foundBefore = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const precision = truePositives[i] / (truePositives[i] + falsePositives[i]);
    area += (truePositives[i] - foundBefore) * precision;
    foundBefore = truePositives[i];
  }
  return positives === 0 ? Number.NaN : area / positives;
}
