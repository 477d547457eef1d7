import { assert } from '../../core/assert.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { isClassification } from '../task.ts';
import { buildKdTree, type KdTree } from './kd-tree.ts';
import { createSearch, findNearest } from './nearest-rows.ts';
import {
  type NeighboursEstimator,
  type NeighbourWeights,
  reachabilityDensity,
} from './neighbours-estimator.ts';

/**
 * k nearest neighbours (Fix and Hodges 1951; scikit-learn 1.2 KNeighborsRegressor and
 * KNeighborsClassifier). Votes are multiplied by the rows' weights; rows of weight 0 are left out.
 * Cost: rows x columns x log rows.
 */
export function fitNeighbours(data: LearningData, parameters: Parameters): NeighboursEstimator {
  const { matrix, target, weights, kept } = keepWeighted(data);
  const tree = treeOf(matrix);
  const by = (values: Float64Array) => Float64Array.from(tree.given, (row) => values[kept[row]]);
  const votes = {
    weights: parameters.weights as NeighbourWeights,
    rowWeights: weights === null ? null : by(weights),
  };
  return {
    type: 'neighbours',
    tree,
    nNeighbors: Math.min(tree.count, Number(parameters.nNeighbors)),
    answer: isClassification(data.task)
      ? { type: 'shares', codes: Int32Array.from(by(target)), classes: data.classes, ...votes }
      : { type: 'mean', target: by(target), ...votes },
  };
}

/** Distance to the nearest rows as strangeness (Ramaswamy, Rastogi and Shim 2000; Angiulli and Pizzuti 2002). */
export function fitNeighbourDistance(
  data: LearningData,
  parameters: Parameters,
): NeighboursEstimator {
  const tree = treeOf(keepWeighted(data).matrix);
  return {
    type: 'neighbours',
    tree,
    nNeighbors: Math.min(tree.count, Number(parameters.nNeighbors)),
    answer: { type: 'distance', of: parameters.method as 'mean' | 'largest' | 'median' },
  };
}

/**
 * Local outlier factor (Breunig, Kriegel, Ng and Sander 2000), about 1 where a row lies as densely as
 * its neighbours, the higher the stranger. Rows are scored as new ones: scikit-learn 1.2's
 * LocalOutlierFactor(novelty=True), whose score_samples is minus this. Cost: rows x one search each.
 */
export function fitOutlierFactor(data: LearningData, parameters: Parameters): NeighboursEstimator {
  const tree = treeOf(keepWeighted(data).matrix);
  const nNeighbors = Math.max(1, Math.min(tree.count - 1, Number(parameters.nNeighbors)));
  const search = createSearch(tree, nNeighbors);
  const reach = new Float64Array(tree.count);
  const density = new Float64Array(tree.count);
  const squared = new Float64Array(tree.count * nNeighbors);
  const position = new Int32Array(tree.count * nNeighbors);
  for (let row = 0; row < tree.count; row++) {
    search.self = tree.count > 1 ? row : -1;
    const found = findNearest(search, tree.rows, row * tree.columns);
    reach[row] = Math.sqrt(found.squared[found.count - 1]);
    squared.set(found.squared, row * nNeighbors);
    position.set(found.position, row * nNeighbors);
  }
  for (let row = 0; row < tree.count; row++) {
    const [from, to] = [row * nNeighbors, (row + 1) * nNeighbors];
    const found = { squared: squared.subarray(from, to), position: position.subarray(from, to) };
    density[row] = reachabilityDensity(reach, { ...found, count: nNeighbors });
  }
  return {
    type: 'neighbours',
    ...{ tree, nNeighbors },
    answer: { type: 'outlier-factor', reach, density },
  };
}

function treeOf(matrix: Matrix): KdTree {
  assert(matrix.rows > 0 && matrix.names.length > 0, 'neighbours need rows and columns');
  return buildKdTree(matrix.data, matrix.names.length);
}

/** `kept`: the row each row of the matrix was. */
function keepWeighted({ matrix, target, weights }: LearningData) {
  const kept = Int32Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  return { target, weights, kept, matrix: takeMatrixRows(matrix, kept) };
}
