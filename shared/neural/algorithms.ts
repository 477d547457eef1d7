import type { Algorithm } from '../learn/algorithm.ts';
import { CLASS_WEIGHT_DEFAULT, CLASS_WEIGHT_SPACE } from '../learn/linear/class-weight.ts';
import type { Recipe } from '../prepare/preparation.ts';
import { fitNeural } from './fit-neural.ts';
import { NEURAL_DEFAULTS } from './parameters.ts';

/**
 * Ranks instead of values: far outliers of a column unsettle a network more than they tell it, and the
 * moments of its batches most of all (California, RMSE: .549 standardised, .504 so).
 */
const RECIPE: Recipe = {
  ...{ impute: 'median', indicators: true, transform: 'quantile', scale: 'standard' },
};

const neuralNetwork: Algorithm = {
  name: 'neural-network',
  title: 'Neural network (tfjs)',
  tasks: ['regression', 'binary', 'multiclass'],
  recipe: RECIPE,
  defaults: { ...NEURAL_DEFAULTS, ...CLASS_WEIGHT_DEFAULT },
  space: {
    hiddenLayers: { type: 'int', low: 1, high: 4 },
    hiddenUnits: { type: 'int', low: 8, high: 256, log: true },
    activation: { type: 'categorical', choices: ['relu', 'tanh', 'elu'] },
    dropout: { type: 'float', low: 0, high: 0.5 },
    batchNormalization: { type: 'categorical', choices: [false, true] },
    l2: { type: 'float', low: 1e-6, high: 1e-2, log: true },
    learningRateInit: { type: 'float', low: 3e-4, high: 3e-2, log: true },
    batchSize: { type: 'categorical', choices: [64, 128, 256, 512] },
    maxIter: { type: 'int', low: 10, high: 200, log: true },
    ...CLASS_WEIGHT_SPACE,
  },
  cost: (rows, columns) => 100 * 3 * rows * 64 * (columns + 64 + 1),
  isExported: true,
  source:
    'He et al. 2015, Ioffe and Szegedy 2015, Srivastava et al. 2014, Kingma and Ba 2015; trained by tfjs 4.22.0',
  fit: fitNeural,
};

/** Beside the catalogue, not in it: who imports this brings tfjs along, and sets its backend. */
export const NEURAL_ALGORITHMS: readonly Algorithm[] = [neuralNetwork];
