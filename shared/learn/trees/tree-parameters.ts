import type { LearningData } from '../algorithm.ts';
import type { Link } from '../link.ts';
import type { Choice, Parameters } from '../search/space.ts';
import { isClassification } from '../task.ts';
import { type ClassCriterion, createClassGoal } from './class-goal.ts';
import { createMeanGoal } from './mean-goal.ts';
import type { TreeGoal } from './tree-goal.ts';
import type { GrowOptions } from './tree-grower.ts';

/** Parameters of every tree, by scikit-learn's names; 0 stands for its None. */
export const TREE_DEFAULTS: Parameters = {
  maxDepth: 0,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxLeafNodes: 0,
  minImpurityDecrease: 0,
  ccpAlpha: 0,
};

export const growOptionsOf = (parameters: Parameters): GrowOptions => ({
  maxDepth: Number(parameters.maxDepth),
  minSamplesSplit: Number(parameters.minSamplesSplit),
  minSamplesLeaf: Number(parameters.minSamplesLeaf),
  maxLeafNodes: Number(parameters.maxLeafNodes),
  minImpurityDecrease: Number(parameters.minImpurityDecrease ?? 0),
  ccpAlpha: Number(parameters.ccpAlpha ?? 0),
});

/**
 * Columns looked at per node: 'sqrt', 'log2', a share in (0, 1], or a number of them above 1.
 * scikit-learn tells 1.0 (all) from 1 (one) by type; here 1 is all.
 */
export function countFeatures(maxFeatures: Choice, columns: number): number {
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  const wanted = Number(maxFeatures);
  return Math.max(1, Math.min(columns, Math.floor(wanted <= 1 ? wanted * columns : wanted)));
}

/** The goal of a task, and how its answers become predictions. */
export function goalOf(
  { task, target, classes }: LearningData,
  criterion: Choice,
): { goal: TreeGoal; link: Link } {
  if (!isClassification(task)) return { goal: createMeanGoal(target), link: 'identity' };
  const link = classes === 2 ? 'pair' : 'identity';
  if (classes === 2 && criterion === 'gini') return { goal: createMeanGoal(target, 2), link };
  const options = { classes, criterion: criterion as ClassCriterion };
  return { goal: createClassGoal(target, options), link };
}

/**
 * Weight of each row. Balanced: a class weighs rows / (classes x its rows), of all rows as they
 * stand, and the given weights are multiplied in (scikit-learn 1.2's compute_class_weight).
 */
export function rowWeights(data: LearningData, classWeight: Choice | undefined): Float64Array {
  const { matrix, target, classes, task } = data;
  const weights = data.weights?.slice() ?? new Float64Array(matrix.rows).fill(1);
  if (classWeight !== 'balanced' || !isClassification(task)) return weights;
  const counts = new Float64Array(classes);
  for (let row = 0; row < matrix.rows; row++) counts[target[row]]++;
  for (let row = 0; row < matrix.rows; row++)
    weights[row] *= matrix.rows / (classes * counts[target[row]]);
  return weights;
}
