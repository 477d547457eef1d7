import type { Algorithm } from '../algorithm.ts';
import { ACTIVATIONS } from '../network/activation.ts';
import type { Choice } from '../search/space.ts';
import { isClassification, type Task } from '../task.ts';
import { above, between, from, type NumberRange, whole } from './number-range.ts';

/** What a parameter may be: numbers of a range, some other values, or both. */
export type ParameterRule = {
  range: NumberRange | null;
  choices: readonly Choice[];
  /** It is read only where another parameter has one of these values. */
  only?: { parameter: string; in: readonly Choice[] };
};

const COUNT = whole(1);
const SHARE = above(0, 1);
const RATE = from(0, 1);
const PART = between(0, 1);
const POSITIVE = above(0);
const LEAST_ZERO = from(0);

/** By name: names have one meaning wherever they stand, but for those below. */
const RANGES: Readonly<Record<string, NumberRange>> = {
  ...{ quantile: PART, learningRate: SHARE, maxIter: COUNT, maxLeafNodes: whole(2) },
  ...{ maxDepth: whole(0), minSamplesLeaf: COUNT, minSamplesSplit: whole(2) },
  ...{ l1Regularization: LEAST_ZERO, l2Regularization: LEAST_ZERO, minChildWeight: LEAST_ZERO },
  ...{ maxBins: whole(2, 255), maxCategorySet: whole(1, 64), subsample: SHARE },
  ...{ colsampleByTree: SHARE, colsampleByNode: SHARE, validationFraction: PART },
  ...{ nIterNoChange: COUNT, tol: LEAST_ZERO, dropRate: RATE, skipDrop: RATE, maxDrop: COUNT },
  ...{ topRate: PART, otherRate: PART, minImpurityDecrease: LEAST_ZERO, ccpAlpha: LEAST_ZERO },
  ...{ nEstimators: whole(1, 100_000), maxRounds: COUNT, maxLeaves: whole(2), outerBags: COUNT },
  ...{ validationSize: PART, earlyStoppingRounds: COUNT, interactions: whole(0) },
  ...{ maxFeatures: POSITIVE, gracePeriod: COUNT, delta: PART, tau: LEAST_ZERO, passes: COUNT },
  ...{ maxSamples: SHARE, nNeighbors: COUNT, supportFraction: RATE, nComponents: COUNT },
  ...{
    gammaScale: POSITIVE,
    degree: whole(1, 10),
    coef0: from(Number.NEGATIVE_INFINITY),
    nu: SHARE,
  },
  ...{ nBins: whole(2, 255), nClusters: COUNT, nInit: COUNT, batchSize: COUNT },
  ...{ regCovar: LEAST_ZERO, alpha: LEAST_ZERO, l1Ratio: RATE, beta: LEAST_ZERO },
  ...{ alpha1: LEAST_ZERO, alpha2: LEAST_ZERO, lambda1: LEAST_ZERO, lambda2: LEAST_ZERO },
  ...{ thresholdLambda: POSITIVE, nonzeroShare: SHARE, epsilon: LEAST_ZERO },
  ...{ maxSubpopulation: COUNT, residualThreshold: POSITIVE, stopProbability: PART },
  ...{ maxTrials: COUNT, power: between(1, 2), C: POSITIVE, varSmoothing: POSITIVE },
  ...{ binarize: from(Number.NEGATIVE_INFINITY), shrinkage: RATE, regParam: RATE },
  ...{ maxVectors: COUNT, eta0: POSITIVE, powerT: LEAST_ZERO, hiddenLayers: whole(1, 20) },
  ...{ hiddenUnits: whole(1, 4096), learningRateInit: SHARE, l1: LEAST_ZERO, l2: LEAST_ZERO },
  dropout: { low: 0, high: 1, isBelowHigh: true },
  momentum: { low: 0, high: 1, isBelowHigh: true },
};

const TREES = { range: whole(2), choices: [0] };
const SMOOTHED = { range: POSITIVE, choices: [] };
const BOOSTED_LOSSES = ['squared', 'absolute', 'quantile'];
const PENALTIES = ['l2', 'l1', 'elastic-net', 'none'];
const RATES = ['constant', 'invscaling', 'optimal'];
const words = (choices: readonly Choice[]) => ({ range: null, choices });

/** By algorithm and name, where the algorithm reads it otherwise. */
const OWN: Readonly<Record<string, ParameterRule>> = {
  'decision-tree.maxLeafNodes': TREES,
  'random-forest.maxLeafNodes': TREES,
  'extra-trees.maxLeafNodes': TREES,
  'ada-boost.maxLeafNodes': TREES,
  'random-forest.splitter': words(['best', 'random']),
  'isolation-forest.maxSamples': { range: whole(2), choices: [] },
  'isolation-forest.maxFeatures': { range: SHARE, choices: [] },
  'pca-residual.nComponents': { range: RATE, choices: [] },
  // What is left of the trees when the last ones are cut off is not what they were weighed for.
  'dart.earlyStopping': words([false]),
  'ada-boost.learningRate': { range: above(0, 10), choices: [] },
  'huber.epsilon': { range: above(1), choices: [] },
  'kernel-ridge.alpha': SMOOTHED,
  'ftrl-proximal.alpha': SMOOTHED,
  'sgd-classifier.alpha': SMOOTHED,
  'sgd-regressor.alpha': SMOOTHED,
  'perceptron.alpha': SMOOTHED,
  'multinomial-naive-bayes.alpha': SMOOTHED,
  'complement-naive-bayes.alpha': SMOOTHED,
  'bernoulli-naive-bayes.alpha': SMOOTHED,
  'categorical-naive-bayes.alpha': SMOOTHED,
  'sgd-classifier.penalty': words(PENALTIES),
  'sgd-regressor.penalty': words(PENALTIES),
  'perceptron.penalty': words(PENALTIES),
  'sgd-classifier.learningRate': words(RATES),
  'sgd-regressor.learningRate': words(RATES),
  'perceptron.learningRate': words(RATES),
  'one-class-svm.kernel': words(['rbf', 'poly', 'sigmoid']),
  'multilayer-perceptron.activation': words(ACTIVATIONS),
  'neural-network.activation': words(ACTIVATIONS),
  'neural-network.solver': words(['adam', 'sgd']),
  'neural-network.learningRate': words(['constant', 'cosine']),
  'neural-network.loss': words(['squared_error', 'absolute_error', 'huber']),
};

/** Parameters that only some others make use of. */
const ONLY: Readonly<Record<string, ParameterRule['only']>> = {
  quantile: { parameter: 'loss', in: ['quantile'] },
  dropRate: { parameter: 'boostingType', in: ['dart'] },
  skipDrop: { parameter: 'boostingType', in: ['dart'] },
  maxDrop: { parameter: 'boostingType', in: ['dart'] },
  topRate: { parameter: 'boostingType', in: ['goss'] },
  otherRate: { parameter: 'boostingType', in: ['goss'] },
  maxSamples: { parameter: 'bootstrap', in: [true] },
};

/** What a parameter of the algorithm may be, of a task that it does. @throws where the table above lacks a number */
export function ruleOf(algorithm: Algorithm, name: string, task: Task): ParameterRule {
  const { defaults, space } = algorithm;
  const searched = space[name];
  const only = searched?.when ?? ONLY[name];
  const isTold = only !== undefined && only.parameter in defaults;
  return { ...allowed(algorithm, name), ...(isTold ? { only } : {}) };

  function allowed({ name: own }: Algorithm, parameter: string): ParameterRule {
    const said = OWN[`${own}.${parameter}`];
    if (said !== undefined) return said;
    const usual = defaults[parameter];
    if (parameter === 'earlyStopping' && usual === 'auto') return words(['auto', true, false]);
    if (typeof usual === 'boolean') return words([true, false]);
    // A search may have found either where nothing reads it.
    const isWeighed = isClassification(task) || searched !== undefined;
    if (parameter === 'classWeight') return words(isWeighed ? ['none', 'balanced'] : ['none']);
    const isBoosted = parameter === 'loss' && usual === 'squared';
    if (isBoosted && task === 'regression') return words(BOOSTED_LOSSES);
    const choices = searched?.type === 'categorical' ? searched.choices : [];
    const texts = [...new Set([...choices, usual])].filter((value) => typeof value === 'string');
    const isNumber =
      typeof usual === 'number' || choices.some((choice) => typeof choice === 'number');
    if (!isNumber) return words(texts);
    const range = RANGES[parameter];
    if (range === undefined) throw new Error(`Broken invariant: no range of ${own}.${parameter}`);
    return { range, choices: parameter === 'maxFeatures' ? ['sqrt', 'log2'] : texts };
  }
}
