import type { Rng } from '../core/rng.ts';
import type { Matrix } from '../prepare/matrix.ts';
import type { Recipe } from '../prepare/preparation.ts';
import type { FittedEstimator } from './fitted-estimator.ts';
import type { Parameters, SearchSpace } from './search/space.ts';
import type { Task } from './task.ts';

/** Prepared rows to learn from. Estimators do not change them. */
export type LearningData = {
  task: Task;
  matrix: Matrix;
  /** By row. Regression: target units; classification: class codes 0 .. classes - 1; else empty. */
  target: Float64Array;
  /** At least 2 for a classification, else 0. */
  classes: number;
  /** By row, not negative, not all 0; null: all 1. Class weights are multiplied in. */
  weights: Float64Array | null;
};

export type FitOptions = {
  rng: Rng;
  /** Asked between iterations; once true, `fit` returns the best it has. */
  isTimeUp?: () => boolean;
  /**
   * What an earlier fit by the same algorithm gave, on the same columns and classes: this one goes on
   * from it. Only for algorithms that do. @see Algorithm.goesOn
   */
  warmStart?: FittedEstimator;
};

/**
 * A way to learn, and everything a search needs to know of it. `fit` is pure: the same data,
 * parameters and seed give the same estimator.
 */
export type Algorithm = {
  /** Kebab-case, unique: what `--algorithm` takes. */
  name: string;
  title: string;
  tasks: readonly Task[];
  /** What a regression's targets must be; absent: any number. Asked before `fit`: `firstOutside`. */
  targetRange?: 'positive' | 'non-negative';
  /** How a table is prepared for it unless said otherwise. */
  recipe: Recipe;
  /** A value for every parameter that `fit` reads; scikit-learn's default where it has one. */
  defaults: Parameters;
  /** What a search varies; the defaults lie in it. */
  space: SearchSpace;
  /** Rough multiply-adds of a fit by the defaults: orders algorithms, is no forecast in seconds. */
  cost(rows: number, columns: number): number;
  /** Whether every model that it fits has an ONNX graph. */
  isExported: boolean;
  /**
   * Whether `fit` goes on from `warmStart`; absent: it does not. Boosting adds `maxIter` rounds more;
   * where nothing is drawn, k rounds and k more are the 2 k rounds of one fit, byte for byte. The
   * others start their iteration from the coefficients or weights given.
   */
  goesOn?: true;
  /** Paper or definition, and the reference implementation with its version. */
  source: string;
  fit(data: LearningData, parameters: Parameters, options: FitOptions): FittedEstimator;
};
