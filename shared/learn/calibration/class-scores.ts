import { log } from '../../core/portable-math.ts';
import type { FittedEstimator } from '../fitted-estimator.ts';

/**
 * What a calibration reads of a model. `margin`: the log odds before a logistic link, which still tell
 * apart what float32 rounds to a probability of 1. `probabilities`: what the model answers.
 */
export type Reads = 'margin' | 'probabilities';

/** Row-major [rows] of margins, or [rows, classes] of probabilities. */
export type ClassScores = { reads: Reads; values: ArrayLike<number>; classes: number };

/** Half of what float32 can take off 1: nothing is surer than that. */
export const LEAST_PROBABILITY = 2 ** -24;

/** Of two classes the first is what the second leaves. */
export const isPair = (classes: number): boolean => classes === 2;

/** The most that can be read of an estimator of classes. */
export const readsOf = (estimator: FittedEstimator): Reads =>
  'link' in estimator && estimator.link === 'logistic' ? 'margin' : 'probabilities';

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
    odds[i] = logOf(values[from + own]) - logOf(others);
  }
  return odds;
}

/** Logarithms of the classes' shares [rows, classes], up to a number common to the row. */
export function logShares(scores: ClassScores): Float64Array {
  const { reads, values } = scores;
  if (reads === 'probabilities') return Float64Array.from(values, logOf);
  return Float64Array.from({ length: 2 * values.length }, (_, at) =>
    at % 2 === 0 ? 0 : values[(at - 1) / 2],
  );
}

const logOf = (probability: number): number => log(Math.max(LEAST_PROBABILITY, probability));
