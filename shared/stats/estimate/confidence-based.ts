import { expectedAuc } from './expected-auc.ts';
import { applyIsotonic, type IsotonicMap } from './isotonic.ts';

export type EstimatedPerformance = {
  n: number;
  /** Null where every prediction has the same probability. */
  rocAuc: number | null;
  /** Of the area, and of the accuracy below: what comes from the chunk's size alone. */
  rocAucStandardError: number | null;
  accuracy: number;
  accuracyStandardError: number;
};

/**
 * Confidence-based performance estimation (CBPE): what ROC-AUC and accuracy of a classifier would be without
 * labels, if its calibrated probabilities are honest. Blind to concept drift: where the relation of inputs to
 * labels changes, the estimate stays high. When not to believe it: `doubtsOf`. Null for an empty chunk.
 *
 * Definition: a prediction of probability q is right with chance q (if positive) or 1 - q; accuracy is the mean of
 * that. ROC-AUC: `expectedAuc`.
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
  const area = expectedAuc(honest);
  return {
    n,
    rocAuc: area?.value ?? null,
    rocAucStandardError: area?.standardError ?? null,
    accuracy: right / n,
    accuracyStandardError: Math.sqrt(variance) / n,
  };
}
