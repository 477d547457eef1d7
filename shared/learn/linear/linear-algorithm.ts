import type { Algorithm, FitOptions, LearningData } from '../algorithm.ts';
import type { Link } from '../link.ts';
import type { Parameters } from '../search/space.ts';
import { type LinearSolution, toLinearEstimator } from './least-squares.ts';
import { type MatrixMoments, matrixMoments } from './matrix-moments.ts';
import { LINEAR_RECIPE } from './recipe.ts';

export type Declared = Pick<Algorithm, 'name' | 'title' | 'defaults' | 'space' | 'source'> &
  Partial<Algorithm>;

/** A regression of the prepared rows that ends in a linear estimator. */
export const linearRegressor = ({
  link = 'identity',
  solve,
  ...declared
}: Declared & {
  link?: Link;
  solve(data: LearningData, parameters: Parameters, options: FitOptions): LinearSolution;
}): Algorithm => ({
  tasks: ['regression'],
  recipe: LINEAR_RECIPE,
  cost: (rows, columns) => (rows * columns ** 2) / 2,
  isExported: true,
  ...declared,
  fit: (data, parameters, options) => toLinearEstimator(solve(data, parameters, options), link),
});

/** A regression that sees the rows only through their moments. */
export const momentsRegressor = ({
  solveMoments,
  ...declared
}: Declared & {
  solveMoments(moments: MatrixMoments, parameters: Parameters, options: FitOptions): LinearSolution;
}): Algorithm =>
  linearRegressor({
    ...declared,
    solve: ({ matrix, target, weights }, parameters, options) =>
      solveMoments(matrixMoments(matrix, [target], weights), parameters, options),
  });

/** A classifier of the prepared rows. */
export const linearClassifier = (declared: Declared & Pick<Algorithm, 'fit'>): Algorithm => ({
  tasks: ['binary', 'multiclass'],
  recipe: LINEAR_RECIPE,
  cost: (rows, columns) => 4 * rows * columns ** 2,
  isExported: true,
  ...declared,
});
