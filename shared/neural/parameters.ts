import { ACTIVATIONS, type Activation } from '../learn/network/activation.ts';
import type { Parameters } from '../learn/search/space.ts';

export type RegressionLoss = 'squared_error' | 'absolute_error' | 'huber';

/** What training reads. Names and meanings as scikit-learn's MLPs, and Keras's where those have none. */
export type NeuralParameters = {
  hiddenLayers: number;
  hiddenUnits: number;
  activation: Activation;
  /** Share of each hidden layer's units that a batch does without. */
  dropout: number;
  batchNormalization: boolean;
  /** The loss grows by l1 |W| + l2 W^2, summed over all weights but biases. */
  l1: number;
  l2: number;
  solver: 'adam' | 'sgd';
  /** Of 'sgd', Nesterov's. */
  momentum: number;
  learningRateInit: number;
  learningRate: 'constant' | 'cosine';
  batchSize: number;
  /** Passes over the rows at most. */
  maxIter: number;
  /** Ends after more passes than this without a loss lower by `tol`. */
  nIterNoChange: number;
  tol: number;
  /** Judges passes by rows kept apart and returns the best; else all rows are learnt from. */
  earlyStopping: boolean;
  validationFraction: number;
  /** Of a regression, in standard deviations of its target. */
  loss: RegressionLoss;
};

export const NEURAL_DEFAULTS = {
  ...{ hiddenLayers: 2, hiddenUnits: 64, activation: 'relu' },
  ...{ dropout: 0, batchNormalization: false, l1: 0, l2: 3e-4 },
  ...{ solver: 'adam', momentum: 0.9, learningRateInit: 3e-3, learningRate: 'cosine' },
  ...{ batchSize: 128, maxIter: 100, nIterNoChange: 10, tol: 1e-4 },
  ...{ earlyStopping: true, validationFraction: 0.1, loss: 'squared_error' },
} as const satisfies Parameters;

const LOSSES: readonly RegressionLoss[] = ['squared_error', 'absolute_error', 'huber'];

/** @throws where a choice is none of the known ones: a misspelt one must not train something else */
export function neuralParameters(parameters: Parameters): NeuralParameters {
  const given: Parameters = { ...NEURAL_DEFAULTS, ...parameters };
  return {
    hiddenLayers: Number(given.hiddenLayers),
    hiddenUnits: Number(given.hiddenUnits),
    activation: oneOf(ACTIVATIONS, given.activation),
    dropout: Number(given.dropout),
    batchNormalization: given.batchNormalization === true,
    l1: Number(given.l1),
    l2: Number(given.l2),
    solver: oneOf(['adam', 'sgd'], given.solver),
    momentum: Number(given.momentum),
    learningRateInit: Number(given.learningRateInit),
    learningRate: oneOf(['constant', 'cosine'], given.learningRate),
    batchSize: Number(given.batchSize),
    maxIter: Number(given.maxIter),
    nIterNoChange: Number(given.nIterNoChange),
    tol: Number(given.tol),
    earlyStopping: given.earlyStopping === true,
    validationFraction: Number(given.validationFraction),
    loss: oneOf(LOSSES, given.loss),
  };
}

function oneOf<T>(choices: readonly T[], value: unknown): T {
  const known = choices.find((choice) => choice === value);
  if (known === undefined) throw new Error(`${String(value)} is none of ${choices.join(', ')}`);
  return known;
}
