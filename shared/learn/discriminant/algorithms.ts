import type { Algorithm } from '../algorithm.ts';
import {
  balancedWeights,
  CLASS_WEIGHT_DEFAULT,
  CLASS_WEIGHT_SPACE,
} from '../linear/class-weight.ts';
import { toLinearEstimator } from '../linear/least-squares.ts';
import { LINEAR_RECIPE } from '../linear/recipe.ts';
import { solveLinearDiscriminant } from './linear-discriminant.ts';
import { fitQuadraticDiscriminant } from './quadratic-discriminant.ts';

const linearDiscriminant: Algorithm = {
  name: 'linear-discriminant',
  title: 'Linear discriminant analysis',
  tasks: ['binary', 'multiclass'],
  recipe: LINEAR_RECIPE,
  defaults: { shrinkage: 0, ...CLASS_WEIGHT_DEFAULT },
  space: { shrinkage: { type: 'float', low: 0, high: 1 }, ...CLASS_WEIGHT_SPACE },
  cost: (rows, columns) => (rows * columns ** 2) / 2,
  isExported: true,
  source: 'Fisher 1936; scikit-learn 1.2.1: LinearDiscriminantAnalysis',
  fit: (data, parameters) =>
    toLinearEstimator(
      solveLinearDiscriminant(
        { ...data, weights: balancedWeights(data, parameters) },
        Number(parameters.shrinkage),
      ),
      data.classes === 2 ? 'logistic' : 'softmax',
    ),
};

const quadraticDiscriminant: Algorithm = {
  name: 'quadratic-discriminant',
  title: 'Quadratic discriminant analysis',
  tasks: ['binary', 'multiclass'],
  recipe: LINEAR_RECIPE,
  defaults: { regParam: 0, ...CLASS_WEIGHT_DEFAULT },
  space: { regParam: { type: 'float', low: 0, high: 1 }, ...CLASS_WEIGHT_SPACE },
  cost: (rows, columns) => (rows * columns ** 2) / 2 + columns ** 3,
  isExported: true,
  source:
    'Hastie, Tibshirani and Friedman 2009, 4.3; scikit-learn 1.2.1: QuadraticDiscriminantAnalysis',
  fit: (data, parameters) =>
    fitQuadraticDiscriminant(
      { ...data, weights: balancedWeights(data, parameters) },
      Number(parameters.regParam),
    ),
};

export const DISCRIMINANT_ALGORITHMS: readonly Algorithm[] = [
  linearDiscriminant,
  quadraticDiscriminant,
];
