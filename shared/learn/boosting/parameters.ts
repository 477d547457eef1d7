import type { Parameters } from '../search/space.ts';

/**
 * What the catalogue's boosting entries read; names and defaults are scikit-learn 1.2's
 * where it has them, else LightGBM 4.6's.
 */
export type BoostingParameters = {
  /** Of a regression: squared, absolute, quantile or poisson. Classes always have the log loss. */
  loss: string;
  /** Level of the quantile loss. */
  quantile: number;
  learningRate: number;
  maxIter: number;
  maxLeafNodes: number;
  /** 0: no limit but the leaves. */
  maxDepth: number;
  minSamplesLeaf: number;
  l1Regularization: number;
  l2Regularization: number;
  /** Least sum of hessians in a leaf. */
  minChildWeight: number;
  maxBins: number;
  /**
   * Levels of a category that a split may name; 1: each level against the rest. Sets of 4 made no
   * difference beyond .001 of ROC-AUC on flights and German credit, and trees longer.
   */
  maxCategorySet: number;
  subsample: number;
  colsampleByTree: number;
  colsampleByNode: number;
  /** 'auto': with more than 10,000 rows. */
  earlyStopping: 'auto' | boolean;
  validationFraction: number;
  nIterNoChange: number;
  tol: number;
  /** 'none' or 'balanced': rows of a class weigh rows / (classes x rows of the class). */
  classWeight: string;
  /** JSON, 1 or -1 by name of a number column. @see readMonotone */
  monotoneConstraints: string;
  /** 'gbdt', 'dart' or 'goss'. */
  boostingType: string;
  /** Of dart. @see DartOptions */
  dropRate: number;
  skipDrop: number;
  maxDrop: number;
  /** Of goss. @see GossOptions */
  topRate: number;
  otherRate: number;
};

export const BOOSTING_DEFAULTS: BoostingParameters = {
  loss: 'squared',
  quantile: 0.5,
  learningRate: 0.1,
  maxIter: 100,
  maxLeafNodes: 31,
  maxDepth: 0,
  minSamplesLeaf: 20,
  l1Regularization: 0,
  l2Regularization: 0,
  minChildWeight: 1e-3,
  maxBins: 255,
  maxCategorySet: 1,
  subsample: 1,
  colsampleByTree: 1,
  colsampleByNode: 1,
  earlyStopping: 'auto',
  validationFraction: 0.1,
  nIterNoChange: 10,
  tol: 1e-7,
  classWeight: 'none',
  monotoneConstraints: '',
  boostingType: 'gbdt',
  dropRate: 0.1,
  skipDrop: 0.5,
  maxDrop: 50,
  topRate: 0.2,
  otherRate: 0.1,
};

/** The parameters with what is not named as by default. A value of another type than its default's is a bug. */
export function readBoostingParameters(given: Parameters): BoostingParameters {
  const read: Record<string, unknown> = { ...BOOSTING_DEFAULTS };
  for (const [name, value] of Object.entries(given)) {
    const isEitherWay = name === 'earlyStopping';
    if (name in read && !isEitherWay && typeof value !== typeof read[name])
      throw new Error(`Broken invariant: ${name} cannot be ${JSON.stringify(value)}`);
    read[name] = value;
  }
  return read as BoostingParameters;
}
