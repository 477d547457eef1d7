import { type Rng, shuffle } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { LearningData } from '../algorithm.ts';
import { columnPlayers } from '../explain/explained-trees.ts';
import { createTreeShap } from '../explain/tree-shap.ts';
import { type FittedEstimator, scoreRows } from '../fitted-estimator.ts';
import { outputsOf } from '../task.ts';
import { type TreesEstimator, treesOfOutput } from '../trees/trees-estimator.ts';

/** One importance per column of the matrix, higher is more; all finite. */
export type ColumnImportances = Float64Array;

/**
 * By how much the squared error of predictions (Brier's for classes) grows when a column is shuffled
 * (Breiman 2001; scikit-learn 1.2's permutation_importance with one repeat). May be below 0 by chance.
 * Cost: columns x rows predictions.
 */
export function permutedImportances(
  estimator: FittedEstimator,
  data: LearningData,
  rng: Rng,
): ColumnImportances {
  const { matrix } = data;
  const width = matrix.names.length;
  const error = squaredError(data, scoreRows(estimator, matrix));
  const order = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  return Float64Array.from(matrix.names, (_, j) => {
    shuffle(order, rng);
    const shuffled = matrix.data.slice();
    for (let row = 0; row < matrix.rows; row++)
      shuffled[row * width + j] = matrix.data[order[row] * width + j];
    return squaredError(data, scoreRows(estimator, { ...matrix, data: shuffled })) - error;
  });
}

function squaredError({ task, target, classes }: LearningData, predictions: Float32Array): number {
  const outputs = outputsOf(task, classes);
  let sum = 0;
  for (let at = 0; at < predictions.length; at++) {
    const row = Math.floor(at / outputs);
    const wanted = outputs === 1 ? target[row] : Number(target[row] === at % outputs);
    sum += (predictions[at] - wanted) ** 2;
  }
  return sum / target.length;
}

/**
 * Mean magnitude of each column's TreeSHAP values over the rows and outputs, in raw scores (log-odds for
 * logistic boosting). @param estimator with cover
 */
export function shapImportances(estimator: TreesEstimator, matrix: Matrix): ColumnImportances {
  const width = matrix.names.length;
  const sums = new Float64Array(width);
  const outputs = estimator.treeOutput === null ? estimator.outputs : 1;
  for (let k = 0; k < outputs; k++) {
    // Trees of several outputs lie one after the other: their values add to one sum of magnitudes.
    const trees = estimator.treeOutput === null ? treesOfOutput(estimator, k) : estimator;
    const { explain } = createTreeShap(
      { ...trees, base: 0 },
      estimator.cover ?? [],
      columnPlayers(width),
    );
    const values = explain({ data: matrix.data, rows: matrix.rows, width });
    values.forEach((value, at) => {
      sums[at % width] += Math.abs(value) / matrix.rows;
    });
  }
  return sums;
}
