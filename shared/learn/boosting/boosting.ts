import { appendTree, type BinnedForest, emptyForest } from './binned-forest.ts';
import { addTreeScores } from './binned-tree.ts';
import type { BinnedMatrix } from './binning.ts';
import { createTreeGrower } from './grower.ts';
import { runLoop } from './run-loop.ts';
import type { TreeOptions } from './tree-options.ts';

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

export type BoostOptions = {
  rounds: number;
  tree: TreeOptions;
  /** Called after each round; true ends the boosting. */
  onRound?: (state: BoostingState) => boolean;
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
 */
export function boost(state: BoostingState, data: BoostingData, options: BoostOptions): void {
  const { matrix, train, validation } = data;
  const grower = createTreeGrower(matrix, train, options.tree);
  const gradients = new Float32Array(matrix.rows);
  for (let round = 0; round < options.rounds; round++) {
    runLoop(fillGradients, { state, data }, gradients);
    const tree = grower.grow({ gradients, hessians: null, scores: state.scores });
    addTreeScores(matrix, tree, { order: validation, scores: state.scores });
    appendTree(state.forest, tree);
    if (options.onRound?.(state)) return;
  }
}

function fillGradients(
  { state, data }: { state: BoostingState; data: BoostingData },
  into: Float32Array,
): void {
  const { base, scores } = state;
  const { target, train } = data;
  for (let i = 0; i < train.length; i++) {
    const row = train[i];
    into[row] = base + scores[row] - target[row];
  }
}
