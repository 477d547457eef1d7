import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { createBestSplitter } from '../trees/best-splitter.ts';
import { orderColumns } from '../trees/ordered-columns.ts';
import { createRandomSplitter } from '../trees/random-splitter.ts';
import { growTree } from '../trees/tree-grower.ts';
import { averageTrees, emptyNodes } from '../trees/tree-nodes.ts';
import { countFeatures, goalOf, growOptionsOf, rowWeights } from '../trees/tree-parameters.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { bootstrapCounts, subsampleCounts, weightedRows } from './bootstrap.ts';

/**
 * The mean of `nEstimators` trees, each grown on its own draw of the rows (`bootstrap`,
 * `maxSamples`) and looking at `maxFeatures` columns a node: a random forest (Breiman 2001) with
 * the best splitter, extremely randomised trees (Geurts, Ernst and Wehenkel 2006) with the random
 * one, one tree without either. Classes get the mean of the leaves' shares, not a vote. Missing
 * values go where the split is best. Reference: scikit-learn 1.2 RandomForest*, ExtraTrees*,
 * DecisionTree*. Cost: trees x rows x log rows x columns.
 * @param data at least one row of weight above 0
 */
export function fitForest(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): TreesEstimator {
  const columns = orderColumns(data.matrix);
  const { goal, link } = goalOf(data, parameters.criterion);
  const options = growOptionsOf(parameters);
  const { minSamplesLeaf } = options;
  const maxFeatures = countFeatures(parameters.maxFeatures, data.matrix.names.length);
  const context = { columns, goal, maxFeatures, minSamplesLeaf, rng };
  const splitter =
    parameters.splitter === 'random' ? createRandomSplitter(context) : createBestSplitter(context);
  const weights = rowWeights(data, parameters.classWeight);
  const nodes = emptyNodes(goal.outputs);
  const trees = Number(parameters.nEstimators ?? 1);
  for (let tree = 0; tree < trees && !(tree > 0 && isTimeUp?.()); tree++) {
    const drawn = drawWeights(weights, parameters, rng);
    goal.weigh(drawn);
    growTree({ goal, splitter, nodes, options }, weightedRows(drawn));
  }
  return averageTrees(nodes, link);
}

/** Each row's weight times how often it was drawn; a draw of weightless rows alone is drawn again. */
function drawWeights(
  weights: Float64Array,
  { bootstrap, maxSamples }: Parameters,
  rng: FitOptions['rng'],
): Float64Array {
  const rows = weights.length;
  const draws = Math.max(1, Math.round(Number(maxSamples ?? 1) * rows));
  if (!bootstrap && draws >= rows) return weights;
  for (;;) {
    const counts = (bootstrap ? bootstrapCounts : subsampleCounts)(rows, draws, rng);
    let hasWeight = false;
    for (let row = 0; row < rows; row++) {
      counts[row] *= weights[row];
      if (counts[row] > 0) hasWeight = true;
    }
    if (hasWeight) return counts;
  }
}
