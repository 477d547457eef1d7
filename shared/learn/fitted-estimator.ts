import type { Matrix } from '../prepare/matrix.ts';
import { type CentresEstimator, scoreCentres } from './cluster/centres-estimator.ts';
import { type QuadraticEstimator, scoreQuadratic } from './discriminant/quadratic-estimator.ts';
import { type LinearEstimator, scoreLinear } from './linear/linear-estimator.ts';
import { type NeighboursEstimator, scoreNeighbours } from './neighbours/neighbours-estimator.ts';
import { type NetworkEstimator, scoreNetwork } from './network/network-estimator.ts';
import { type KernelEstimator, scoreKernel } from './svm/kernel-estimator.ts';
import { type MedianEstimator, scoreMedian } from './trees/median-estimator.ts';
import { scoreTrees, type TreesEstimator } from './trees/trees-estimator.ts';

/**
 * What a fit gives, as data: arrays and numbers, no functions. Many algorithms end in few kinds:
 * ridge, logistic regression and naive Bayes are all `linear`; forests and boosting are `trees`.
 */
export type FittedEstimator =
  | LinearEstimator
  | TreesEstimator
  | MedianEstimator
  | NeighboursEstimator
  | QuadraticEstimator
  | KernelEstimator
  | NetworkEstimator
  | CentresEstimator;

/**
 * Predictions [rows, outputs], row-major float32. Regression: target units. Classification: one
 * probability per class, summing to 1. Anomaly: the higher the stranger. Clustering: the cluster's
 * number.
 */
export function scoreRows(estimator: FittedEstimator, matrix: Matrix): Float32Array {
  switch (estimator.type) {
    case 'linear':
      return scoreLinear(estimator, matrix);
    case 'trees':
      return scoreTrees(estimator, matrix);
    case 'median':
      return scoreMedian(estimator, matrix);
    case 'quadratic':
      return scoreQuadratic(estimator, matrix);
    case 'kernel':
      return scoreKernel(estimator, matrix);
    case 'network':
      return scoreNetwork(estimator, matrix);
    case 'neighbours':
      return scoreNeighbours(estimator, matrix);
    case 'centres':
      return scoreCentres(estimator, matrix);
  }
}
