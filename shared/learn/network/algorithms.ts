import type { Algorithm } from '../algorithm.ts';
import { CLASS_WEIGHT_DEFAULT, CLASS_WEIGHT_SPACE } from '../linear/class-weight.ts';
import { LINEAR_RECIPE } from '../linear/recipe.ts';
import { fitNetwork } from './fit-network.ts';

const multilayerPerceptron: Algorithm = {
  name: 'multilayer-perceptron',
  title: 'Multilayer perceptron',
  goesOn: true,
  tasks: ['regression', 'binary', 'multiclass'],
  recipe: LINEAR_RECIPE,
  defaults: {
    ...{ hiddenLayers: 1, hiddenUnits: 100, activation: 'relu', alpha: 1e-4, batchSize: 200 },
    ...{ learningRateInit: 1e-3, maxIter: 200, tol: 1e-4, nIterNoChange: 10 },
    ...{ earlyStopping: false, validationFraction: 0.1, ...CLASS_WEIGHT_DEFAULT },
  },
  space: {
    hiddenLayers: { type: 'int', low: 1, high: 3 },
    hiddenUnits: { type: 'int', low: 8, high: 200, log: true },
    activation: { type: 'categorical', choices: ['relu', 'tanh'] },
    alpha: { type: 'float', low: 1e-6, high: 10, log: true },
    learningRateInit: { type: 'float', low: 1e-4, high: 3e-2, log: true },
    earlyStopping: { type: 'categorical', choices: [false, true] },
    ...CLASS_WEIGHT_SPACE,
  },
  cost: (rows, columns) => 200 * 3 * rows * 100 * (columns + 1),
  isExported: true,
  source:
    'Rumelhart, Hinton and Williams 1986; Kingma and Ba 2015; scikit-learn 1.2.1: MLPRegressor, MLPClassifier',
  fit: fitNetwork,
};

export const NETWORK_ALGORITHMS: readonly Algorithm[] = [multilayerPerceptron];
