import { appendTree, type BinnedForest, emptyForest } from './binned-forest.ts';
import { addTreeScores } from './binned-tree.ts';
import type { BinnedMatrix } from './binning.ts';
import { createTreeGrower, type TreeOptions } from './grower.ts';

/** Boosting in progress: all that the next round needs, besides the matrix, the rows and the target. */
export type BoostingState = {
  /** Float32 mean of the training targets. */
  base: number;
  forest: BinnedForest;
  /** Sum of leaf values by table row, training and validation rows alike; float32. */
  scores: Float32Array;
};

export type BoostingData = {
  matrix: BinnedMatrix;
  /** Target by table row. */
  target: Float64Array;
  /** Table rows that are trained on, and those that are only scored. */
  train: Uint32Array;
  validation: Uint32Array;
};

/** @param data at least one training row */
export function startBoosting({ matrix, target, train }: BoostingData): BoostingState {
  let sum = 0;
  for (const row of train) sum += target[row];
  return {
    base: Math.fround(sum / train.length),
    forest: emptyForest(),
    scores: new Float32Array(matrix.rows),
  };
}

/**
 * Adds up to `rounds` trees for squared error (Friedman 2001, algorithm 1, with histograms): each is
 * grown on the gradients prediction - target. Running 100 rounds or twice 50 gives the same trees.
 * @param onRound called after each round with the state; true ends the boosting
 */
export function boost(
  state: BoostingState,
  data: BoostingData,
  rounds: number,
  options: TreeOptions,
  onRound: (state: BoostingState) => boolean = () => false,
): void {
  const { matrix, target, train, validation } = data;
  const grower = createTreeGrower(matrix, train, options);
  const gradients = new Float32Array(matrix.rows);
  for (let round = 0; round < rounds; round++) {
    for (const row of train) gradients[row] = state.base + state.scores[row] - target[row];
    const tree = grower.grow(gradients, state.scores);
    addTreeScores(matrix, tree, validation, state.scores);
    appendTree(state.forest, tree);
    if (onRound(state)) return;
  }
}
