import type { Algorithm } from '../algorithm.ts';
import { CLASS_WEIGHT_DEFAULT, CLASS_WEIGHT_SPACE } from './class-weight.ts';
import { linearClassifier } from './linear-algorithm.ts';
import { fitLogisticRegression, fitSparseLogistic } from './logistic-regression.ts';
import { fitRidgeClassifier } from './ridge-classifier.ts';

const ITERATION = { maxIter: 100, tol: 1e-4 };
const STRENGTH = { C: { type: 'float', low: 1e-4, high: 1e3, log: true } } as const;

const logistic = linearClassifier({
  goesOn: true,
  name: 'logistic-regression',
  title: 'Logistic regression',
  defaults: { C: 1, ...ITERATION, ...CLASS_WEIGHT_DEFAULT },
  space: { ...STRENGTH, ...CLASS_WEIGHT_SPACE },
  source: 'Newton with step halving, L-BFGS where wide; scikit-learn 1.2.1: LogisticRegression',
  fit: fitLogisticRegression,
});

const lassoLogistic = linearClassifier({
  goesOn: true,
  name: 'lasso-logistic',
  title: 'Logistic regression, L1',
  defaults: { C: 1, ...ITERATION, ...CLASS_WEIGHT_DEFAULT },
  space: { ...STRENGTH, ...CLASS_WEIGHT_SPACE },
  source: "Yuan, Ho and Lin 2012; scikit-learn 1.2.1: LogisticRegression(penalty='l1')",
  fit: (data, parameters, options) =>
    fitSparseLogistic(data, { ...parameters, l1Ratio: 1 }, options),
});

const elasticNetLogistic = linearClassifier({
  goesOn: true,
  name: 'elastic-net-logistic',
  title: 'Logistic regression, elastic net',
  defaults: { C: 1, l1Ratio: 0.5, ...ITERATION, ...CLASS_WEIGHT_DEFAULT },
  space: { ...STRENGTH, l1Ratio: { type: 'float', low: 0, high: 1 }, ...CLASS_WEIGHT_SPACE },
  source: "Zou and Hastie 2005; scikit-learn 1.2.1: LogisticRegression(penalty='elasticnet')",
  fit: fitSparseLogistic,
});

const ridgeClassifier = linearClassifier({
  name: 'ridge-classifier',
  title: 'Ridge classifier',
  defaults: { alpha: 1, ...CLASS_WEIGHT_DEFAULT },
  space: { alpha: { type: 'float', low: 1e-3, high: 1e4, log: true }, ...CLASS_WEIGHT_SPACE },
  source: 'Least squares of +1 and -1, Platt 1999 out of fold; scikit-learn 1.2.1: RidgeClassifier',
  fit: fitRidgeClassifier,
});

export const LINEAR_CLASSIFIERS: readonly Algorithm[] = [
  ...[logistic, lassoLogistic, elasticNetLogistic, ridgeClassifier],
];
