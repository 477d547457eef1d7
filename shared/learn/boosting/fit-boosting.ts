import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { isClassification } from '../task.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { binMatrix } from './bin-matrix.ts';
import { truncateForest } from './binned-forest.ts';
import { toTreesEstimator } from './boosted-trees.ts';
import { logisticLoss, softmaxLoss } from './class-loss.ts';
import { createStopWatch, holdOut } from './early-stopping.ts';
import {
  createRounds,
  type GradientBoostingData,
  type GradientBoostingOptions,
  type GradientBoostingState,
  startGradientBoosting,
} from './gradient-boosting.ts';
import { type Loss, pinballLoss, poissonLoss, squaredLoss } from './loss.ts';
import { readMonotone } from './monotone-constraints.ts';
import { type BoostingParameters, readBoostingParameters } from './parameters.ts';
import { joinTrees, resumeBoosting } from './resume-boosting.ts';

const AUTO_STOPPING_ROWS = 10_000;

/**
 * Histogram gradient boosting of a prepared matrix. With early stopping, the model is the round of
 * least validation loss (scikit-learn keeps those after it as well). Rows of weight 0 are left out.
 * From a warm start, rounds are added to its trees, which stay as they are.
 * @param data at least one row of weight above 0
 */
export function fitBoosting(
  data: LearningData,
  given: Parameters,
  { rng, isTimeUp, warmStart }: FitOptions,
): TreesEstimator {
  const parameters = readBoostingParameters(given);
  const before = warmStart?.type === 'trees' ? warmStart : null;
  const binned = binMatrix(data.matrix, parameters.maxBins);
  const loss = lossOf(data, parameters);
  const split = splitRows(data, parameters, rng);
  const problem: GradientBoostingData = {
    ...{ matrix: binned.matrix, target: data.target, ...split },
    weights: weightsOf(data, parameters),
  };
  const state = before ? resumeBoosting(before, data.matrix) : startGradientBoosting(problem, loss);
  const options = optionsOf(parameters, loss, rng);
  const monotone = readMonotone(parameters.monotoneConstraints, data.matrix.names, binned);
  if (monotone) options.tree.monotone = monotone;
  const addRound = createRounds(state, problem, options);
  boostUntil(state, { problem, loss, parameters, addRound, isTimeUp });
  const fitted = toTreesEstimator(state, binned, loss.link);
  return before ? joinTrees(before, fitted) : fitted;
}

function lossOf({ task, classes }: LearningData, { loss, quantile }: BoostingParameters): Loss {
  if (isClassification(task)) return classes === 2 ? logisticLoss : softmaxLoss(classes);
  switch (loss) {
    case 'squared':
      return squaredLoss;
    case 'absolute':
      return pinballLoss(0.5);
    case 'quantile':
      return pinballLoss(quantile);
    case 'poisson':
      return poissonLoss;
  }
  throw new Error(`Broken invariant: no loss ${loss}`);
}

function optionsOf(
  parameters: BoostingParameters,
  loss: Loss,
  rng: FitOptions['rng'],
): GradientBoostingOptions {
  const { subsample, colsampleByTree, colsampleByNode, maxDepth, boostingType } = parameters;
  const { dropRate, skipDrop, maxDrop, topRate, otherRate } = parameters;
  return {
    ...(boostingType === 'dart' ? { dart: { dropRate, skipDrop, maxDrop } } : {}),
    ...(boostingType === 'goss' ? { goss: { topRate, otherRate } } : {}),
    ...{ loss, rng, subsample, colsampleByTree, colsampleByNode },
    tree: {
      maxLeaves: parameters.maxLeafNodes,
      maxDepth: maxDepth > 0 ? maxDepth : Infinity,
      minSamplesLeaf: parameters.minSamplesLeaf,
      maxCategorySet: parameters.maxCategorySet,
      l1: parameters.l1Regularization,
      l2: parameters.l2Regularization,
      minChildWeight: parameters.minChildWeight,
      learningRate: parameters.learningRate,
    },
  };
}

/** Null where all rows weigh 1. */
function weightsOf(
  { task, matrix, target, classes, weights }: LearningData,
  { classWeight }: BoostingParameters,
): Float64Array | null {
  if (!isClassification(task) || classWeight !== 'balanced') return weights;
  const counts = new Float64Array(classes);
  for (let row = 0; row < matrix.rows; row++) counts[target[row]] += weights?.[row] ?? 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(
    target,
    (k, row) => ((weights?.[row] ?? 1) * total) / (classes * counts[k]),
  );
}

function splitRows(
  { task, matrix, target, classes, weights }: LearningData,
  { earlyStopping, validationFraction: share }: BoostingParameters,
  rng: FitOptions['rng'],
): { train: Uint32Array; validation: Uint32Array } {
  const all = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  const rows = weights === null ? all : all.filter((row) => weights[row] > 0);
  const isStopping = earlyStopping === 'auto' ? rows.length > AUTO_STOPPING_ROWS : earlyStopping;
  if (!isStopping) return { train: rows, validation: new Uint32Array(0) };
  return holdOut(rows, { share, classes: isClassification(task) ? classes : 0, target, rng });
}

type Boosting = {
  problem: GradientBoostingData;
  loss: Loss;
  parameters: BoostingParameters;
  addRound: () => void;
  isTimeUp: FitOptions['isTimeUp'];
};

function boostUntil(
  state: GradientBoostingState,
  { problem, loss, parameters, addRound, isTimeUp }: Boosting,
): void {
  const { maxIter, nIterNoChange, tol } = parameters;
  const { target, weights, validation } = problem;
  const watch = createStopWatch(nIterNoChange, tol);
  const isOver = () =>
    validation.length > 0 &&
    watch.isOver(loss.meanLoss({ rows: validation, target, weights, ...state }));
  isOver();
  for (let round = 0; round < maxIter; round++) {
    addRound();
    if (isOver() || isTimeUp?.()) break;
  }
  // Later rounds of dart have changed the trees of the best one.
  const canGoBack = validation.length > 0 && parameters.boostingType !== 'dart';
  if (canGoBack) truncateForest(state.forest, watch.best * state.base.length);
}
