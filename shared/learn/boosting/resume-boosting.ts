import type { Matrix } from '../../prepare/matrix.ts';
import { type TreesEstimator, treesOfOutput } from '../trees/trees-estimator.ts';
import { emptyForest } from './binned-forest.ts';
import type { GradientBoostingState } from './gradient-boosting.ts';
import { sumLeaves } from './sum-leaves.ts';
import { planWalk } from './tree-walk.ts';

/**
 * The state after the rounds of a fitted model, whose trees stay there: leaves are added in the order
 * and in the float32 in which the fit added them.
 */
export function resumeBoosting(before: TreesEstimator, matrix: Matrix): GradientBoostingState {
  const width = matrix.names.length;
  const scores = Array.from(before.base, (_, output) => {
    const sums = new Float32Array(matrix.rows);
    const walk = planWalk(treesOfOutput(before, output), width);
    sumLeaves(walk, { data: matrix.data, stride: width }, sums);
    return sums;
  });
  return {
    ...{ base: before.base.slice(), forest: emptyForest(), scores },
    roundsBefore: before.roots.length / before.outputs,
  };
}

/** The trees of both, those of `before` first, over the same columns and with its base. */
export function joinTrees(before: TreesEstimator, after: TreesEstimator): TreesEstimator {
  const nodes = before.feature.length;
  const moved = (children: Int32Array) =>
    children.map((child, node) => (after.feature[node] < 0 ? child : child + nodes));
  return {
    ...before,
    roots: joined(
      before.roots,
      after.roots.map((root) => root + nodes),
    ),
    feature: joined(before.feature, after.feature),
    threshold: joined(before.threshold, after.threshold),
    left: joined(before.left, moved(after.left)),
    right: joined(before.right, moved(after.right)),
    missingLeft: joined(before.missingLeft, after.missingLeft),
    value: joined(before.value, after.value),
    treeOutput:
      before.treeOutput && after.treeOutput && joined(before.treeOutput, after.treeOutput),
    cover: before.cover && after.cover && joined(before.cover, after.cover),
  };
}

function joined<T extends Int32Array | Float32Array | Uint8Array>(a: T, b: T): T {
  const both = new (a.constructor as new (length: number) => T)(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
