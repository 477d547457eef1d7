import { exp, log } from '../../core/portable-math.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { createBestSplitter } from '../trees/best-splitter.ts';
import { leavesOf } from '../trees/leaves-of.ts';
import { orderColumns } from '../trees/ordered-columns.ts';
import { growTree } from '../trees/tree-grower.ts';
import { emptyNodes, finishNodes, type TreeNodes } from '../trees/tree-nodes.ts';
import { goalOf, growOptionsOf, rowWeights } from '../trees/tree-parameters.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';

/** Below it a share is taken for it before its logarithm. */
const LEAST_SHARE = 2.220446049250313e-16;

/**
 * AdaBoost of small trees: rows that a tree gets wrong weigh more for the next. 'SAMME.R' (Zhu et al.
 * 2009, algorithm 4) adds up the logarithms of the leaves' shares, 'SAMME' (algorithm 2) the classes
 * that they vote for, by what a tree's errors leave of its worth. Ends early with a tree that makes
 * no error, or none that is better than chance. Reference: scikit-learn 1.2 AdaBoostClassifier,
 * whose probabilities are these too.
 * @param data of two or more classes; at least one row of weight above 0
 */
export function fitAdaBoost(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): TreesEstimator {
  const { goal } = goalOf(data, 'gini');
  const options = growOptionsOf(parameters);
  const context = { columns: orderColumns(data.matrix), goal, rng };
  const all = { maxFeatures: data.matrix.names.length, minSamplesLeaf: options.minSamplesLeaf };
  const splitter = createBestSplitter({ ...context, ...all });
  const nodes = emptyNodes(goal.outputs);
  const boosting: Boosting = {
    ...{ data, nodes, classes: data.classes, worth: [] },
    learningRate: Number(parameters.learningRate),
    isReal: parameters.algorithm === 'SAMME.R',
    weights: normalised(rowWeights(data, parameters.classWeight)),
  };
  for (let tree = 0; tree < Number(parameters.nEstimators); tree++) {
    if (tree > 0 && isTimeUp?.()) break;
    // Weights shrink to 0 in time, and a leaf of such rows alone has no shares.
    const { weights } = boosting;
    const rows = Int32Array.from(weights.keys()).filter((row) => weights[row] > 0);
    goal.weigh(boosting.weights);
    growTree({ goal, splitter, nodes, options }, rows);
    if (!reweigh(boosting, tree)) break;
  }
  return finish(boosting);
}

type Boosting = {
  data: LearningData;
  nodes: TreeNodes;
  classes: number;
  learningRate: number;
  isReal: boolean;
  weights: Float64Array;
  /** By tree, what its votes count. */
  worth: number[];
};

export function normalised(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Shares of the classes in a leaf. */
function sharesOf({ nodes, classes }: Boosting, leaf: number): number[] {
  if (nodes.outputs > 1)
    return [...nodes.value.subarray(leaf * nodes.outputs, (leaf + 1) * nodes.outputs)];
  const second = nodes.value[leaf];
  return classes === 2 ? [1 - second, second] : [second];
}

/** @returns false where the boosting ends with this tree, which stays only if it is of use */
function reweigh(boosting: Boosting, tree: number): boolean {
  const { data, nodes, classes, learningRate, isReal, weights } = boosting;
  const leaves = leavesOf(nodes, nodes.roots[tree], data.matrix);
  const votes = new Map<number, number>();
  for (const leaf of new Set(leaves)) votes.set(leaf, likeliest(sharesOf(boosting, leaf)));
  let error = 0;
  leaves.forEach((leaf, row) => {
    if (votes.get(leaf) !== data.target[row]) error += weights[row];
  });
  const isPerfect = error <= 0;
  if (isReal || isPerfect) boosting.worth.push(1);
  else if (error >= 1 - 1 / classes) {
    // A first tree that is no better than chance is all there is.
    boosting.worth.push(tree === 0 ? 1 : 0);
    return false;
  } else boosting.worth.push(learningRate * (log((1 - error) / error) + log(classes - 1)));
  if (isPerfect) return false;
  leaves.forEach((leaf, row) => {
    if (isReal) weights[row] *= exp(realFactor(boosting, leaf, data.target[row]));
    else if (votes.get(leaf) !== data.target[row]) weights[row] *= exp(boosting.worth[tree]);
  });
  boosting.weights = normalised(weights);
  return true;
}

/** What a row's weight is multiplied by, as a logarithm: the more, the smaller its class's share. */
function realFactor(boosting: Boosting, leaf: number, target: number): number {
  const { classes, learningRate } = boosting;
  const coded = sharesOf(boosting, leaf).reduce((sum, share, k) => {
    const code = k === target ? 1 : -1 / (classes - 1);
    return sum + code * log(Math.max(LEAST_SHARE, share));
  }, 0);
  return ((-learningRate * (classes - 1)) / classes) * coded;
}

const likeliest = (shares: readonly number[]): number => shares.indexOf(Math.max(...shares));

/** Leaves answer what they add to the raw scores: log odds of two classes, a score each of more. */
function finish(boosting: Boosting): TreesEstimator {
  const { nodes, classes, isReal, worth } = boosting;
  const { outputs, roots } = nodes;
  roots.forEach((root, tree) => {
    const end = roots[tree + 1] ?? nodes.count;
    for (let leaf = root; leaf < end; leaf++) {
      if (nodes.feature[leaf] >= 0) continue;
      const shares = sharesOf(boosting, leaf);
      const scores = isReal ? centredLogs(shares) : votesOf(shares, worth[tree]);
      if (outputs === 1) nodes.value[leaf] = scores[1] - scores[0];
      else nodes.value.set(scores, leaf * outputs);
    }
  });
  const total = worth.reduce((sum, each) => sum + each, 0);
  const factor = 1 / total;
  return finishNodes(nodes, { factor, link: classes === 2 ? 'logistic' : 'softmax' });
}

function centredLogs(shares: readonly number[]): number[] {
  const logs = shares.map((share) => log(Math.max(LEAST_SHARE, share)));
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  return logs.map((each) => each - mean);
}

function votesOf(shares: readonly number[], worth: number): number[] {
  const vote = likeliest(shares);
  return shares.map((_, k) => (k === vote ? worth / (shares.length - 1) : 0));
}
