import type { Algorithm } from '../algorithm.ts';
import { CLASS_WEIGHT_DEFAULT, CLASS_WEIGHT_SPACE } from '../linear/class-weight.ts';
import { linearClassifier, linearRegressor } from '../linear/linear-algorithm.ts';
import { SCALE_TARGET_DEFAULT } from '../linear/target-scale.ts';
import {
  fitFtrl,
  fitOnlineClassifier,
  learnBySgd,
  learnPassiveAggressive,
  solveOnlineRegression,
} from './fit-online.ts';
import { CLASSIFICATION_LOSSES, REGRESSION_LOSSES } from './margin-loss.ts';

const EPOCHS = { maxIter: 1000, tol: 1e-3, nIterNoChange: 5, shuffle: true };
const PENALTY = { penalty: 'l2', alpha: 1e-4, l1Ratio: 0.15 };
const cost = (rows: number, columns: number) => 30 * rows * columns;

const SGD_SPACE = {
  alpha: { type: 'float', low: 1e-7, high: 1e-1, log: true },
  penalty: { type: 'categorical', choices: ['l2', 'l1', 'elastic-net'] },
  l1Ratio: { type: 'float', low: 0, high: 1, when: { parameter: 'penalty', in: ['elastic-net'] } },
  average: { type: 'categorical', choices: [false, true] },
} as const;

const sgdRegressor = linearRegressor({
  name: 'sgd-regressor',
  title: 'Regression by stochastic gradients',
  defaults: {
    ...{ loss: 'squared-error', epsilon: 0.1, ...PENALTY, average: false },
    ...{ learningRate: 'invscaling', eta0: 0.01, powerT: 0.25, ...EPOCHS, ...SCALE_TARGET_DEFAULT },
  },
  space: {
    loss: { type: 'categorical', choices: REGRESSION_LOSSES },
    eta0: { type: 'float', low: 1e-3, high: 0.3, log: true },
    ...SGD_SPACE,
  },
  cost,
  source: 'Robbins and Monro 1951; Bottou 2010; scikit-learn 1.2.1: SGDRegressor',
  solve: (data, parameters, options) =>
    solveOnlineRegression(learnBySgd, data, { parameters, options }),
});

const sgdClassifier = linearClassifier({
  name: 'sgd-classifier',
  title: 'Classification by stochastic gradients',
  defaults: {
    ...{ loss: 'hinge', epsilon: 0.1, ...PENALTY, average: false },
    ...{ learningRate: 'optimal', eta0: 0.01, powerT: 0.5, ...EPOCHS, ...CLASS_WEIGHT_DEFAULT },
  },
  space: {
    loss: { type: 'categorical', choices: CLASSIFICATION_LOSSES },
    ...SGD_SPACE,
    ...CLASS_WEIGHT_SPACE,
  },
  cost,
  source: 'Bottou 2010; Platt 1999; scikit-learn 1.2.1: SGDClassifier',
  fit: (data, parameters, options) =>
    fitOnlineClassifier(learnBySgd, data, { parameters, options }),
});

const perceptron = linearClassifier({
  name: 'perceptron',
  title: 'Perceptron',
  defaults: {
    ...{ loss: 'perceptron', epsilon: 0, penalty: 'none', alpha: 1e-4, l1Ratio: 0.15 },
    ...{ average: false, learningRate: 'constant', eta0: 1, powerT: 0.5 },
    ...{ ...EPOCHS, ...CLASS_WEIGHT_DEFAULT },
  },
  space: {
    penalty: { type: 'categorical', choices: ['none', 'l2', 'l1'] },
    alpha: { type: 'float', low: 1e-7, high: 1e-1, log: true },
    average: { type: 'categorical', choices: [false, true] },
    ...CLASS_WEIGHT_SPACE,
  },
  cost,
  source: 'Rosenblatt 1958; Freund and Schapire 1999 (averaged); scikit-learn 1.2.1: Perceptron',
  fit: (data, parameters, options) =>
    fitOnlineClassifier(learnBySgd, data, { parameters, options }),
});

const C_SPACE = { C: { type: 'float', low: 1e-4, high: 10, log: true } } as const;
const VARIANT = { variant: { type: 'categorical', choices: ['pa1', 'pa2'] } } as const;

const passiveAggressiveClassifier = linearClassifier({
  name: 'passive-aggressive-classifier',
  title: 'Passive-aggressive classifier',
  defaults: {
    ...{ loss: 'hinge', epsilon: 0, C: 1, variant: 'pa1' },
    ...{ ...EPOCHS, ...CLASS_WEIGHT_DEFAULT },
  },
  space: { ...C_SPACE, ...VARIANT, ...CLASS_WEIGHT_SPACE },
  cost,
  source: 'Crammer et al. 2006; scikit-learn 1.2.1: PassiveAggressiveClassifier',
  fit: (data, parameters, options) =>
    fitOnlineClassifier(learnPassiveAggressive, data, { parameters, options }),
});

const passiveAggressiveRegressor = linearRegressor({
  name: 'passive-aggressive-regressor',
  title: 'Passive-aggressive regression',
  defaults: {
    ...{ loss: 'epsilon-insensitive', epsilon: 0.1, C: 1, variant: 'pa1' },
    ...{ ...EPOCHS, ...SCALE_TARGET_DEFAULT },
  },
  space: { ...C_SPACE, ...VARIANT, epsilon: { type: 'float', low: 1e-3, high: 1, log: true } },
  cost,
  source: 'Crammer et al. 2006; scikit-learn 1.2.1: PassiveAggressiveRegressor',
  solve: (data, parameters, options) =>
    solveOnlineRegression(learnPassiveAggressive, data, { parameters, options }),
});

const ftrlProximal = linearClassifier({
  name: 'ftrl-proximal',
  title: 'Online logistic regression (FTRL-Proximal)',
  defaults: {
    ...{ alpha: 0.1, beta: 1, lambda1: 0, lambda2: 1 },
    ...{ ...EPOCHS, maxIter: 100, tol: 1e-4, ...CLASS_WEIGHT_DEFAULT },
  },
  space: {
    alpha: { type: 'float', low: 1e-3, high: 10, log: true },
    lambda1: { type: 'float', low: 0, high: 10 },
    lambda2: { type: 'float', low: 0, high: 100 },
    ...CLASS_WEIGHT_SPACE,
  },
  cost,
  source: 'McMahan et al. 2013, algorithm 1',
  fit: fitFtrl,
});

export const ONLINE_ALGORITHMS: readonly Algorithm[] = [
  ...[sgdRegressor, sgdClassifier, perceptron],
  ...[passiveAggressiveClassifier, passiveAggressiveRegressor, ftrlProximal],
];
