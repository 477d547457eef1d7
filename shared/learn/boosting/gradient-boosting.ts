import type { Rng } from '../../core/rng.ts';
import { appendTree, type BinnedForest, emptyForest } from './binned-forest.ts';
import { addTreeScores } from './binned-tree.ts';
import type { BinnedMatrix } from './binning.ts';
import { type DartOptions, drawDropped, dropRounds, newShare, restoreRounds } from './dart.ts';
import { addSizes, drawByGradient, type GossOptions, weighDerivatives } from './goss.ts';
import { createTreeGrower, type TreeGrower } from './grower.ts';
import type { Derivatives, Loss } from './loss.ts';
import { type DrawnRows, drawFeatures, drawMask, drawRows } from './sampling.ts';
import type { ScoredRows } from './scored-rows.ts';
import type { GrowData, TreeOptions } from './tree-options.ts';
import { quantileOf } from './weighted-quantile.ts';

/** What is boosted on. Targets and weights are by table row. */
export type GradientBoostingData = {
  matrix: BinnedMatrix;
  target: Float64Array;
  /** Above 0 for each training row; null: all 1. */
  weights: Float64Array | null;
  /** Table rows that are trained on, and those that are only scored. */
  train: Uint32Array;
  validation: Uint32Array;
};

export type GradientBoostingOptions = {
  loss: Loss;
  tree: TreeOptions;
  /** Share of the rows that each round is grown on, drawn without replacement. */
  subsample: number;
  /** Shares of the features that a tree, and of these that a node, may use. */
  colsampleByTree: number;
  colsampleByNode: number;
  /** Absent: rows are drawn as `subsample` says. */
  goss?: GossOptions;
  /** Absent: every round is grown on what all before it say. */
  dart?: DartOptions;
  rng: Rng;
};

/** Boosting in progress. Trees take turns by output: tree t adds to output t % outputs. */
export type GradientBoostingState = {
  base: Float32Array;
  forest: BinnedForest;
  /** Per output, sums of leaf values by table row; float32. */
  scores: Float32Array[];
  /** Rounds whose trees are counted in the scores but are not in the forest; absent: none. */
  roundsBefore?: number;
};

/** @param data at least one training row */
export function startGradientBoosting(
  data: GradientBoostingData,
  loss: Loss,
): GradientBoostingState {
  const none = { base: new Float32Array(0), scores: [] };
  const base = Float32Array.from(loss.base(trainingRows(data, none)));
  const scores = Array.from(base, () => new Float32Array(data.matrix.rows));
  return { base, forest: emptyForest(), scores };
}

const trainingRows = (
  { train, target, weights }: GradientBoostingData,
  { base, scores }: Pick<GradientBoostingState, 'base' | 'scores'>,
): ScoredRows => ({ rows: train, target, weights, base, scores });

/**
 * Returns a function that adds a round, one tree per output, to the state (Friedman 2001, algorithm
 * 1, with the Newton steps of Chen and Guestrin 2016). Rounds of two such functions, one after the
 * other, are those of one, if they share `rng`.
 */
export function createRounds(
  state: GradientBoostingState,
  data: GradientBoostingData,
  options: GradientBoostingOptions,
): () => void {
  const { loss } = options;
  const training = trainingRows(data, state);
  const boosted: Boosted = {
    ...{ state, data, options, training },
    grower: createTreeGrower(data.matrix, data.train, options.tree),
    derivatives: createDerivatives(data, options),
  };
  const outputs = state.base.length;
  const addRound = (shrinkage: number) => {
    loss.beforeRound?.(training);
    const drawn = drawRound(boosted);
    for (let output = 0; output < outputs; output++)
      growTree(boosted, { output, shrinkage, ...drawn });
  };
  const { dart, rng } = options;
  if (!dart) return () => addRound(1);
  const order = Uint32Array.from([...data.train, ...data.validation]);
  const scored = { state, matrix: data.matrix, order };
  return () => {
    const dropped = drawDropped(state.forest.trees / outputs, { ...dart, rng });
    dropRounds(scored, dropped);
    addRound(newShare(dropped.length, options.tree.learningRate));
    restoreRounds(scored, dropped, options.tree.learningRate);
  };
}

type DrawnRound = DrawnRows & { factors?: Float32Array };

/** One-side sampling begins once 1 / learning rate rounds have told rows apart, as in LightGBM. */
function drawRound({ state, data, options, derivatives, training }: Boosted): DrawnRound {
  const { goss, tree, subsample, loss, rng } = options;
  if (!goss) return drawRows(data.train, subsample, rng);
  const rounds = (state.roundsBefore ?? 0) + state.forest.trees / state.base.length;
  if (rounds < 1 / tree.learningRate) return drawRows(data.train, 1, rng);
  const sizes = new Float32Array(data.matrix.rows);
  for (let output = 0; output < state.base.length; output++) {
    loss.fill(training, output, derivatives);
    addSizes(data.train, derivatives, sizes);
  }
  return drawByGradient(data.train, sizes, { ...goss, rng });
}

type Boosted = {
  state: GradientBoostingState;
  data: GradientBoostingData;
  options: GradientBoostingOptions;
  training: ScoredRows;
  grower: TreeGrower;
  derivatives: Derivatives;
};

/** Hessians are kept where they differ, and where they are what an option is about. */
function createDerivatives(
  { matrix, weights }: GradientBoostingData,
  { loss, tree, goss }: GradientBoostingOptions,
): Derivatives {
  const gradients = new Float32Array(matrix.rows);
  const isPlain =
    loss.isHessianConstant &&
    goss === undefined &&
    tree.monotone === undefined &&
    weights === null &&
    (tree.l1 ?? 0) === 0 &&
    (tree.minChildWeight ?? 0) <= 1;
  if (isPlain) return { gradients, hessians: null };
  const hessians =
    weights === null ? new Float32Array(matrix.rows).fill(1) : Float32Array.from(weights);
  return { gradients, hessians };
}

function growTree(
  boosted: Boosted,
  drawn: DrawnRound & { output: number; shrinkage: number },
): void {
  const { state, data, options, grower, derivatives, training } = boosted;
  const { output, shrinkage, kept, leftOut, factors } = drawn;
  const { gradients, hessians } = derivatives;
  const scores = state.scores[output];
  options.loss.fill(training, output, derivatives);
  // Constant hessians are not filled again: the tree's own are a copy.
  const isKept = !factors || !options.loss.isHessianConstant;
  const own = isKept ? hessians : (hessians?.slice() ?? null);
  if (factors && kept) weighDerivatives(kept, factors, { gradients, hessians: own });
  const chosen = growOptions(boosted, kept);
  const tree = grower.grow({ gradients, hessians: own, scores, shrinkage, ...chosen });
  addTreeScores(data.matrix, tree, { order: leftOut, scores });
  addTreeScores(data.matrix, tree, { order: data.validation, scores });
  appendTree(state.forest, tree);
}

function growOptions(
  { data, options, training }: Boosted,
  kept: Uint32Array | null,
): Partial<GrowData> {
  const { loss, colsampleByTree, colsampleByNode, rng } = options;
  const chosen: Partial<GrowData> = {};
  if (kept !== null) chosen.rows = kept;
  if (colsampleByTree < 1)
    chosen.features = drawFeatures(data.matrix.features.length, colsampleByTree, rng);
  if (colsampleByNode < 1) chosen.drawAllowed = (count) => drawMask(count, colsampleByNode, rng);
  const level = loss.leafQuantile;
  if (level !== undefined) {
    const { target, base, scores, weights } = training;
    const value = (row: number) => target[row] - base[0] - scores[0][row];
    chosen.leafValue = (rows) => quantileOf(rows, { value, weights, level });
  }
  return chosen;
}
