import type { Algorithm } from '../algorithm.ts';
import { CLASS_WEIGHT_DEFAULT, CLASS_WEIGHT_SPACE } from './class-weight.ts';
import { solveLeastSquares, toLinearEstimator } from './least-squares.ts';
import { fitLogisticRegression } from './logistic-regression.ts';
import { matrixMoments } from './matrix-moments.ts';
import { LINEAR_RECIPE } from './recipe.ts';

const linearRegression: Algorithm = {
  name: 'linear-regression',
  title: 'Linear regression',
  tasks: ['regression'],
  recipe: LINEAR_RECIPE,
  defaults: {},
  space: {},
  cost: (rows, columns) => (rows * columns ** 2) / 2,
  isExported: true,
  source: 'Ordinary least squares, least norm where columns are collinear; scikit-learn 1.2.1',
  fit: ({ matrix, target, weights }) =>
    toLinearEstimator(solveLeastSquares(matrixMoments(matrix, [target], weights), 0), 'identity'),
};

const ridge: Algorithm = {
  name: 'ridge',
  title: 'Ridge regression',
  tasks: ['regression'],
  recipe: LINEAR_RECIPE,
  defaults: { alpha: 1 },
  space: { alpha: { type: 'float', low: 1e-3, high: 1e4, log: true } },
  cost: (rows, columns) => (rows * columns ** 2) / 2,
  isExported: true,
  source: 'Hoerl and Kennard 1970; scikit-learn 1.2.1: Ridge',
  fit: ({ matrix, target, weights }, { alpha }) =>
    toLinearEstimator(
      solveLeastSquares(matrixMoments(matrix, [target], weights), Number(alpha)),
      'identity',
    ),
};

const logisticRegression: Algorithm = {
  name: 'logistic-regression',
  title: 'Logistic regression',
  tasks: ['binary', 'multiclass'],
  recipe: LINEAR_RECIPE,
  defaults: { C: 1, maxIter: 100, tol: 1e-4, ...CLASS_WEIGHT_DEFAULT },
  space: { C: { type: 'float', low: 1e-4, high: 1e3, log: true }, ...CLASS_WEIGHT_SPACE },
  cost: (rows, columns) => 4 * rows * columns ** 2,
  isExported: true,
  source: 'Newton with step halving, L-BFGS where wide; scikit-learn 1.2.1: LogisticRegression',
  fit: fitLogisticRegression,
};

export const LINEAR_ALGORITHMS: readonly Algorithm[] = [
  linearRegression,
  ridge,
  logisticRegression,
];
