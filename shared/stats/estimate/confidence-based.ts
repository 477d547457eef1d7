import { applyIsotonic, type IsotonicMap } from './isotonic.ts';

export type EstimatedPerformance = {
  n: number;
  /** Null where every prediction has the same probability. */
  rocAuc: number | null;
  accuracy: number;
  /** Standard error of the accuracy that comes from the chunk's size alone. */
  accuracyStandardError: number;
};

/**
 * Confidence-based performance estimation (CBPE): what ROC-AUC and accuracy of a classifier would be without
 * labels, if its calibrated probabilities are honest. Blind to concept drift: where the relation of inputs to
 * labels changes, the estimate stays high. Null for an empty chunk.
 *
 * Definition: a prediction of probability q is right with chance q (if positive) or 1 - q; accuracy is the mean of
 * that. ROC-AUC from the expected confusion matrix at every threshold, by trapezoids.
 * @param probabilities as the model gave them, in [0, 1]
 * @param calibration from `fitCalibration` on the reference; null keeps them as they are
 * @param threshold predictions at or above it are positive
 * Cost: one sort. Reference implementation: NannyML 0.13.1, CBPE.
 */
export function estimatePerformance(
  probabilities: readonly number[],
  calibration: IsotonicMap | null,
  threshold = 0.5,
): EstimatedPerformance | null {
  const n = probabilities.length;
  if (n === 0) return null;
  const honest = probabilities.map((p) => (calibration ? applyIsotonic(calibration, p) : p));
  let right = 0;
  let variance = 0;
  honest.forEach((q, i) => {
    right += probabilities[i] >= threshold ? q : 1 - q;
    variance += q * (1 - q);
  });
  return {
    n,
    rocAuc: expectedAuc(honest),
    accuracy: right / n,
    accuracyStandardError: Math.sqrt(variance) / n,
  };
}

function expectedAuc(honest: readonly number[]): number | null {
  const sorted = [...honest].sort((a, b) => a - b);
  const positives = sorted.reduce((sum, q) => sum + q, 0);
  const negatives = sorted.length - positives;
  if (!(positives > 0 && negatives > 0) || sorted[0] === sorted[sorted.length - 1]) return null;
  let truePositives = positives;
  let falsePositives = negatives;
  let area = 0;
  for (let i = 0; i < sorted.length; ) {
    const q = sorted[i];
    const [tpr, fpr] = [truePositives / positives, falsePositives / negatives];
    while (i < sorted.length && sorted[i] === q) {
      truePositives -= q;
      falsePositives -= 1 - q;
      i++;
    }
    area += (fpr - falsePositives / negatives) * ((tpr + truePositives / positives) / 2);
  }
  return area;
}
