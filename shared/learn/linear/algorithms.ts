import type { Algorithm } from '../algorithm.ts';
import { LINEAR_CLASSIFIERS } from './classification-algorithms.ts';
import { LEAST_SQUARES_ALGORITHMS } from './least-squares-algorithms.ts';
import { LOG_LINEAR_ALGORITHMS } from './log-linear-algorithms.ts';
import { ROBUST_ALGORITHMS } from './robust-algorithms.ts';

/** Estimators that are a weighted sum of the prepared columns. */
export const LINEAR_ALGORITHMS: readonly Algorithm[] = [
  ...LEAST_SQUARES_ALGORITHMS,
  ...ROBUST_ALGORITHMS,
  ...LOG_LINEAR_ALGORITHMS,
  ...LINEAR_CLASSIFIERS,
];
