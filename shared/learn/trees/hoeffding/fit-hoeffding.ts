import { shuffle } from '../../../core/rng.ts';
import { takeMatrixRows } from '../../../prepare/matrix.ts';
import type { FitOptions, LearningData } from '../../algorithm.ts';
import type { Parameters } from '../../search/space.ts';
import { countFeatures, rowWeights } from '../tree-parameters.ts';
import type { TreesEstimator } from '../trees-estimator.ts';
import { toTrees } from './hoeffding-to-trees.ts';
import { type HoeffdingOptions, learnRows } from './learn-rows.ts';
import { startHoeffdingForest } from './start-hoeffding.ts';

/**
 * A Hoeffding tree or an online bagging of them from rows that are all there: `passes` times through
 * them in random order. To go on learning later keep the forest itself: @see learnRows.
 */
export function fitHoeffding(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): TreesEstimator {
  const { matrix, classes } = data;
  const weights = rowWeights(data, parameters.classWeight);
  const options = hoeffdingOptionsOf(parameters, matrix.names.length);
  const { maxFeatures } = options;
  const trees = Number(parameters.nEstimators ?? 1);
  const forest = startHoeffdingForest({ matrix }, { classes, trees, maxFeatures, rng });
  const order = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  for (let pass = 0; pass < Number(parameters.passes) && !(pass > 0 && isTimeUp?.()); pass++) {
    shuffle(order, rng);
    const rows = {
      matrix: takeMatrixRows(matrix, order),
      target: Float64Array.from(order, (row) => data.target[row]),
      weights: Float64Array.from(order, (row) => weights[row]),
    };
    learnRows(forest, rows, { options, rng });
  }
  return toTrees(forest);
}

export const hoeffdingOptionsOf = (parameters: Parameters, columns: number): HoeffdingOptions => ({
  gracePeriod: Number(parameters.gracePeriod),
  delta: Number(parameters.delta),
  tau: Number(parameters.tau),
  maxFeatures: countFeatures(parameters.maxFeatures, columns),
});
