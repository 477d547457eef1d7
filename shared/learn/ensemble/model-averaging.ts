import { exp, log } from '../../core/portable-math.ts';
import type { Result } from '../../core/result.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { isClassification } from '../task.ts';
import { combineMembers, type Member, normalised, outOfFoldPredictions } from './fit-members.ts';
import type { FittedEnsemble } from './fitted-ensemble.ts';

const LEAST_PROBABILITY = 1e-15;
const BOOTSTRAPS = 400;

/**
 * Weights by how well each model foresaw rows it had not seen: pseudo Bayesian model averaging with
 * the Bayesian bootstrap (pseudo-BMA+; Yao, Vehtari, Simpson and Gelman 2018, section 3.4). The
 * log density of a row is its class's log probability, or that of a normal with the model's
 * out-of-fold residual variance.
 */
export function fitModelAveraging(
  data: PipelineData,
  members: readonly Member[],
  { folds, seed }: { folds: number; seed: number },
): Result<FittedEnsemble, SplitError> {
  const predictions = outOfFoldPredictions(data, members, { folds, seed });
  if (!predictions.ok) return predictions;
  const densities = predictions.value.map((own) =>
    isClassification(data.task) ? classDensities(data, own) : normalDensities(data, own),
  );
  const weights = averagingWeights(densities, createRng(seed));
  return combineMembers(data, { members, seed }, { type: 'average', weights });
}

function classDensities({ table, classes }: PipelineData, shares: Float32Array): Float64Array {
  return table.target.map((code, row) =>
    log(Math.max(LEAST_PROBABILITY, shares[row * classes.length + code])),
  );
}

function normalDensities({ table }: PipelineData, predictions: Float32Array): Float64Array {
  const squares = table.target.map((value, row) => (value - predictions[row]) ** 2);
  const variance = squares.reduce((sum, square) => sum + square, 0) / table.rows;
  if (variance === 0) return squares.fill(Number.MAX_SAFE_INTEGER);
  return squares.map((square) => -0.5 * (log(2 * Math.PI * variance) + square / variance));
}

/** @param densities log densities by row, of each model @returns weights summing to 1 */
export function averagingWeights(densities: readonly Float64Array[], rng: Rng): Float32Array {
  const rows = densities[0].length;
  const sums = new Float64Array(densities.length);
  for (let draw = 0; draw < BOOTSTRAPS; draw++) {
    const rowWeights = Float64Array.from({ length: rows }, () => -log(1 - rng()));
    const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
    const scores = densities.map((own) =>
      own.reduce((sum, density, row) => sum + (rows * rowWeights[row] * density) / total, 0),
    );
    const highest = Math.max(...scores);
    const shares = normalised(scores.map((score) => exp(score - highest)));
    shares.forEach((share, m) => {
      sums[m] += share;
    });
  }
  return normalised(sums);
}
