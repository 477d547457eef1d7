import type { Algorithm } from '../algorithm.ts';
import { CLASS_WEIGHT_DEFAULT, CLASS_WEIGHT_SPACE } from '../linear/class-weight.ts';
import { type Declared, linearClassifier, linearRegressor } from '../linear/linear-algorithm.ts';
import { SCALE_TARGET_DEFAULT } from '../linear/target-scale.ts';
import {
  fitFtrl,
  fitOnlineClassifier,
  learnBySgd,
  learnPassiveAggressive,
  type ScoreLearner,
  solveOnlineRegression,
} from './fit-online.ts';
import { CLASSIFICATION_LOSSES, REGRESSION_LOSSES } from './margin-loss.ts';

const EPOCHS = { maxIter: 1000, tol: 1e-3, nIterNoChange: 5, shuffle: true };
const PENALTY = { penalty: 'l2', alpha: 1e-4, l1Ratio: 0.15 };
const cost = (rows: number, columns: number) => 30 * rows * columns;

type Online = Pick<Declared, 'name' | 'title' | 'defaults' | 'space' | 'source' | 'goesOn'> & {
  learner: ScoreLearner;
};

/** A regression that learns a row at a time, in epochs. */
const onlineRegressor = ({ learner, ...declared }: Online): Algorithm =>
  linearRegressor({
    ...declared,
    defaults: { ...declared.defaults, ...EPOCHS, ...SCALE_TARGET_DEFAULT },
    cost,
    solve: (data, parameters, options) =>
      solveOnlineRegression(learner, data, { parameters, options }),
  });

/** A classifier that does. */
const onlineClassifier = ({ learner, ...declared }: Online): Algorithm =>
  linearClassifier({
    ...declared,
    defaults: { ...declared.defaults, ...EPOCHS, ...CLASS_WEIGHT_DEFAULT },
    space: { ...declared.space, ...CLASS_WEIGHT_SPACE },
    cost,
    fit: (data, parameters, options) => fitOnlineClassifier(learner, data, { parameters, options }),
  });

const SGD_SPACE = {
  alpha: { type: 'float', low: 1e-7, high: 1e-1, log: true },
  penalty: { type: 'categorical', choices: ['l2', 'l1', 'elastic-net'] },
  l1Ratio: { type: 'float', low: 0, high: 1, when: { parameter: 'penalty', in: ['elastic-net'] } },
  average: { type: 'categorical', choices: [false, true] },
} as const;

const sgdRegressor = onlineRegressor({
  name: 'sgd-regressor',
  goesOn: true,
  title: 'Regression by stochastic gradients',
  defaults: {
    ...{ loss: 'squared-error', epsilon: 0.1, ...PENALTY, average: false },
    ...{ learningRate: 'invscaling', eta0: 0.01, powerT: 0.25 },
  },
  space: {
    loss: { type: 'categorical', choices: REGRESSION_LOSSES },
    eta0: { type: 'float', low: 1e-3, high: 0.3, log: true },
    ...SGD_SPACE,
  },
  source: 'Robbins and Monro 1951; Bottou 2010; scikit-learn 1.2.1: SGDRegressor',
  learner: learnBySgd,
});

const sgdClassifier = onlineClassifier({
  name: 'sgd-classifier',
  title: 'Classification by stochastic gradients',
  defaults: {
    ...{ loss: 'hinge', epsilon: 0.1, ...PENALTY, average: false },
    ...{ learningRate: 'optimal', eta0: 0.01, powerT: 0.5 },
  },
  space: {
    loss: { type: 'categorical', choices: CLASSIFICATION_LOSSES },
    ...SGD_SPACE,
  },
  source: 'Bottou 2010; Platt 1999; scikit-learn 1.2.1: SGDClassifier',
  learner: learnBySgd,
});

const perceptron = onlineClassifier({
  name: 'perceptron',
  title: 'Perceptron',
  defaults: {
    ...{ loss: 'perceptron', epsilon: 0, penalty: 'none', alpha: 1e-4, l1Ratio: 0.15 },
    ...{ average: false, learningRate: 'constant', eta0: 1, powerT: 0.5 },
  },
  space: {
    penalty: { type: 'categorical', choices: ['none', 'l2', 'l1'] },
    alpha: { type: 'float', low: 1e-7, high: 1e-1, log: true },
    average: { type: 'categorical', choices: [false, true] },
  },
  source: 'Rosenblatt 1958; Freund and Schapire 1999 (averaged); scikit-learn 1.2.1: Perceptron',
  learner: learnBySgd,
});

const C_SPACE = { C: { type: 'float', low: 1e-4, high: 10, log: true } } as const;
const VARIANT = { variant: { type: 'categorical', choices: ['pa1', 'pa2'] } } as const;

const passiveAggressiveClassifier = onlineClassifier({
  name: 'passive-aggressive-classifier',
  title: 'Passive-aggressive classifier',
  defaults: {
    ...{ loss: 'hinge', epsilon: 0, C: 1, variant: 'pa1' },
  },
  space: { ...C_SPACE, ...VARIANT },
  source: 'Crammer et al. 2006; scikit-learn 1.2.1: PassiveAggressiveClassifier',
  learner: learnPassiveAggressive,
});

const passiveAggressiveRegressor = onlineRegressor({
  name: 'passive-aggressive-regressor',
  title: 'Passive-aggressive regression',
  defaults: {
    ...{ loss: 'epsilon-insensitive', epsilon: 0.1, C: 1, variant: 'pa1' },
  },
  space: { ...C_SPACE, ...VARIANT, epsilon: { type: 'float', low: 1e-3, high: 1, log: true } },
  source: 'Crammer et al. 2006; scikit-learn 1.2.1: PassiveAggressiveRegressor',
  learner: learnPassiveAggressive,
});

const ftrlProximal = linearClassifier({
  name: 'ftrl-proximal',
  goesOn: true,
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
