import { log } from '../../core/portable-math.ts';
import type { FittedEstimator } from '../fitted-estimator.ts';

/**
 * What a calibration reads of a model. `margin`: the log odds before a logistic link, which still tell
 * apart what float32 rounds to a probability of 1. `shares`: probabilities of a softmax, the smallest
 * of which keep their digits. `probabilities`: others, which may be what is left of 1.
 */
export const READS = ['margin', 'shares', 'probabilities'] as const;
export type Reads = (typeof READS)[number];

/** Row-major [rows] of margins, or [rows, classes] of probabilities. */
export type ClassScores = { reads: Reads; values: ArrayLike<number>; classes: number };

/**
 * Added to a share before its logarithm is taken. Votes say 0 and 1 without being as sure as that: so
 * many log odds apart they would decide the curve, and so would the last bit of what is left of 1.
 * (Fraud, log loss of a calibrated forest: .064 with nothing added, .051 with .001 to .005, from where
 * on it costs models that mean their smallest shares.) A softmax does; only 0 has no logarithm.
 */
export const shareAdded = (reads: Reads): number => (reads === 'shares' ? 2 ** -126 : 0.002);

/** Of two classes the first is what the second leaves. */
export const isPair = (classes: number): boolean => classes === 2;

/** The most that can be read of an estimator of classes. */
export function readsOf(estimator: FittedEstimator): Reads {
  const link = 'link' in estimator ? estimator.link : null;
  if (link === 'logistic') return 'margin';
  return link === 'softmax' || estimator.type === 'quadratic' ? 'shares' : 'probabilities';
}

/** The estimator, answering what is read of it. */
export const readEstimator = (estimator: FittedEstimator, reads: Reads): FittedEstimator =>
  reads === 'margin' && 'link' in estimator ? { ...estimator, link: 'identity' } : estimator;

/**
 * Logarithms of the odds of the second of two classes, [rows], or of each class against the others,
 * [rows, classes]. Not 1 - p but the others' own sum, which keeps its digits.
 */
export function logOdds({ reads, values, classes }: ClassScores): Float64Array {
  if (reads === 'margin') return Float64Array.from(values);
  const columns = isPair(classes) ? 1 : classes;
  const odds = new Float64Array((values.length / classes) * columns);
  for (let i = 0; i < odds.length; i++) {
    const from = Math.floor(i / columns) * classes;
    const own = isPair(classes) ? 1 : i % columns;
    let others = 0;
    for (let k = 0; k < classes; k++) if (k !== own) others += values[from + k];
    odds[i] = logOf(values[from + own], reads) - logOf(others, reads);
  }
  return odds;
}

/** Logarithms of the classes' shares [rows, classes], up to a number common to the row. */
export function logShares(scores: ClassScores): Float64Array {
  const { reads, values } = scores;
  if (reads !== 'margin') return Float64Array.from(values, (share) => logOf(share, reads));
  return Float64Array.from({ length: 2 * values.length }, (_, at) =>
    at % 2 === 0 ? 0 : values[(at - 1) / 2],
  );
}

const logOf = (share: number, reads: Reads): number => log(share + shareAdded(reads));
