import type { Rng } from '../../core/rng.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import { weightedRows } from '../forest/bootstrap.ts';
import type { Parameters } from '../search/space.ts';
import { createBestSplitter } from '../trees/best-splitter.ts';
import { leavesOf } from '../trees/leaves-of.ts';
import { type MedianEstimator, wholeWorths } from '../trees/median-estimator.ts';
import { orderColumns } from '../trees/ordered-columns.ts';
import { growTree } from '../trees/tree-grower.ts';
import { emptyNodes, finishNodes, type TreeNodes } from '../trees/tree-nodes.ts';
import { goalOf, growOptionsOf, rowWeights } from '../trees/tree-parameters.ts';
import { normalised } from './ada-boost.ts';
import { type ErrorLoss, reweighErrors } from './error-weights.ts';

/**
 * AdaBoost.R2 (Drucker 1997): each tree is grown on rows drawn by weight, those that it misses by
 * most weigh more for the next, and the answer is the trees' median, weighed by their worth. Ends
 * early with a tree that makes no error, or before one whose mean loss is a half or more. Reference:
 * scikit-learn 1.2 AdaBoostRegressor. Cost: trees x rows x log rows x columns.
 * @param data at least one row of weight above 0
 */
export function fitAdaBoostRegression(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): MedianEstimator {
  const { matrix, target } = data;
  const { goal } = goalOf(data, 'squared_error');
  const options = growOptionsOf(parameters);
  const { minSamplesLeaf } = options;
  const columns = orderColumns(matrix);
  const splitter = createBestSplitter({
    ...{ columns, goal, rng, maxFeatures: matrix.names.length, minSamplesLeaf },
  });
  const nodes = emptyNodes(1);
  const worths: number[] = [];
  const reweighing = {
    loss: parameters.loss as ErrorLoss,
    learningRate: Number(parameters.learningRate),
  };
  let weights = normalised(rowWeights(data, undefined));
  for (let tree = 0; tree < Number(parameters.nEstimators); tree++) {
    if (tree > 0 && isTimeUp?.()) break;
    const drawn = drawByWeight(weights, rng);
    goal.weigh(drawn);
    growTree({ goal, splitter, nodes, options }, weightedRows(drawn));
    const leaves = leavesOf(nodes, nodes.roots[tree], matrix);
    const errors = Float64Array.from(leaves, (leaf, row) =>
      Math.abs(nodes.value[leaf] - target[row]),
    );
    const next = reweighErrors(errors, weights, reweighing);
    if (next.loss >= 0.5) {
      // A first tree that is no better than chance is all there is.
      if (tree === 0) worths.push(1);
      break;
    }
    worths.push(next.worth);
    if (next.loss === 0) break;
    weights = next.weights;
  }
  return { type: 'median', trees: firstTrees(nodes, worths.length), worths: wholeWorths(worths) };
}

/** How often each row is drawn in as many draws as there are rows, by weight, with replacement. */
function drawByWeight(weights: Float64Array, rng: Rng): Float64Array {
  const upTo = new Float64Array(weights.length);
  let sum = 0;
  for (let row = 0; row < weights.length; row++) upTo[row] = sum += weights[row];
  const counts = new Float64Array(weights.length);
  for (let i = 0; i < weights.length; i++) counts[firstAbove(upTo, rng() * sum)]++;
  return counts;
}

/** @param upTo ascending, the last above `value` */
function firstAbove(upTo: Float64Array, value: number): number {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The tree after them, if there is one, was not worth keeping. */
function firstTrees(nodes: TreeNodes, trees: number): MedianEstimator['trees'] {
  const count = nodes.roots[trees] ?? nodes.count;
  const kept = { ...nodes, count, roots: nodes.roots.slice(0, trees) };
  const { roots, feature, threshold, left, right, missingLeft, value } = finishNodes(kept, {
    ...{ factor: 1, link: 'identity' },
  });
  return { roots, feature, threshold, left, right, missingLeft, value };
}
