import { exp, log } from '../../../core/portable-math.ts';
import { normal, type Rng } from '../../../core/rng.ts';
import { symmetricEigen } from '../../../stats/linear/symmetric-eigen.ts';
import { type Rates, ratesOf } from './rates.ts';

export type CmaOptions = {
  /**
   * Solutions of a generation; default 4 + floor(1.5 ln n). Hansen's is 4 + floor(3 ln n), for
   * thousands of evaluations: with some hundred, more generations found lower values (bench tpe).
   */
  populationSize: number;
  /** First step size in units of the domains. */
  startDeviation: number;
};

export type Solution = { point: Float64Array; loss: number };

/** The search distribution N(mean, step^2 C), C = B D^2 B^T, and the paths that adapt it. */
export type Evolution = {
  readonly populationSize: number;
  readonly rates: Rates;
  generation: number;
  mean: Float64Array;
  step: number;
  covariance: number[][];
  /** Columns of B, and the diagonal of D. */
  axes: readonly (readonly number[])[];
  scales: Float64Array;
  stepPath: Float64Array;
  covariancePath: Float64Array;
};

const LEAST_EIGENVALUE = 1e-16;

/**
 * Covariance matrix adaptation evolution strategy: weighted recombination, cumulative step size
 * adaptation, rank-one and rank-mu updates with negative weights.
 * @param start shape [n]
 * Source: Hansen (2023), The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772v2, figure 6.
 * Reference implementation: pycma 4.5.0.
 */
export function createEvolution(start: Float64Array, options: Partial<CmaOptions> = {}): Evolution {
  const n = start.length;
  const populationSize = options.populationSize ?? 4 + Math.floor(1.5 * log(n));
  const identity = Array.from(start, (_, i) => Array.from(start, (__, j) => (i === j ? 1 : 0)));
  return {
    ...{ populationSize, rates: ratesOf(n, populationSize), generation: 0 },
    ...{ mean: start.slice(), step: options.startDeviation ?? 1 / 6 },
    ...{ covariance: identity, axes: identity, scales: new Float64Array(n).fill(1) },
    ...{ stepPath: new Float64Array(n), covariancePath: new Float64Array(n) },
  };
}

export function samplePoint({ mean, step, axes, scales }: Evolution, rng: Rng): Float64Array {
  const point = mean.slice();
  for (let k = 0; k < point.length; k++) {
    const along = step * scales[k] * normal(rng);
    for (let i = 0; i < point.length; i++) point[i] += along * axes[k][i];
  }
  return point;
}

/** Moves on by the solutions of a generation. Cost: O(n^3). */
export function advance(evolution: Evolution, solutions: readonly Solution[]): void {
  const { rates, stepPath } = evolution;
  const steps = rankedSteps(solutions, evolution);
  const move = new Float64Array(stepPath.length);
  for (let r = 0; r < rates.parents; r++)
    for (let i = 0; i < move.length; i++) move[i] += rates.weights[r] * steps[r][i];
  evolution.mean = evolution.mean.map((at, i) => at + evolution.step * move[i]);
  evolution.generation++;
  const isShort = advancePaths(evolution, move);
  evolution.covariance = adaptedCovariance(evolution, steps, isShort);
  const ratio = lengthOf(stepPath) / rates.expectedLength;
  evolution.step *= exp(Math.min(1, (rates.stepPath / rates.damping) * (ratio - 1)));
  const eigen = symmetricEigen(evolution.covariance);
  evolution.axes = eigen.vectors;
  evolution.scales = Float64Array.from(eigen.values, (value) =>
    Math.sqrt(Math.max(value, LEAST_EIGENVALUE)),
  );
}

/** @returns 0 while the step path is unusually long, which holds the rank-one update back, else 1 */
function advancePaths(evolution: Evolution, move: Float64Array): 0 | 1 {
  const { rates, stepPath, covariancePath } = evolution;
  const n = move.length;
  const whitened = whiten(move, evolution);
  const keep = 1 - rates.stepPath;
  const gain = Math.sqrt(rates.stepPath * (2 - rates.stepPath) * rates.effective);
  for (let i = 0; i < n; i++) stepPath[i] = keep * stepPath[i] + gain * whitened[i];
  const memory = Math.sqrt(1 - exp(2 * (evolution.generation + 1) * log(keep)));
  const length = lengthOf(stepPath) / memory;
  const isShort = length < (1.4 + 2 / (n + 1)) * rates.expectedLength ? 1 : 0;
  const own = Math.sqrt(rates.covariancePath * (2 - rates.covariancePath) * rates.effective);
  for (let i = 0; i < n; i++)
    covariancePath[i] = (1 - rates.covariancePath) * covariancePath[i] + isShort * own * move[i];
  return isShort;
}

function adaptedCovariance(
  evolution: Evolution,
  steps: readonly Float64Array[],
  isShort: 0 | 1,
): number[][] {
  const { covariancePath } = evolution;
  const { rankOne, rankMu, weights, covariancePath: rate } = evolution.rates;
  const n = covariancePath.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kept = 1 + (1 - isShort) * rankOne * rate * (2 - rate) - rankOne - rankMu * total;
  const shares = weights.map((weight, r) => {
    if (weight >= 0) return weight;
    const length = lengthOf(whiten(steps[r], evolution));
    return (weight * n) / Math.max(length * length, 1e-300);
  });
  return evolution.covariance.map((row, i) =>
    row.map((value, j) => {
      let spread = 0;
      for (let r = 0; r < steps.length; r++) spread += shares[r] * steps[r][i] * steps[r][j];
      return kept * value + rankOne * covariancePath[i] * covariancePath[j] + rankMu * spread;
    }),
  );
}

/** (point - mean) / step of each solution, best first; equal losses keep their order. */
function rankedSteps(solutions: readonly Solution[], evolution: Evolution): Float64Array[] {
  return [...solutions]
    .sort((a, b) => a.loss - b.loss)
    .map(({ point }) => point.map((value, i) => (value - evolution.mean[i]) / evolution.step));
}

/** C^(-1/2) times a vector. */
function whiten(vector: Float64Array, { axes, scales }: Evolution): Float64Array {
  const out = new Float64Array(vector.length);
  axes.forEach((axis, k) => {
    let along = 0;
    for (let i = 0; i < vector.length; i++) along += axis[i] * vector[i];
    for (let i = 0; i < vector.length; i++) out[i] += (axis[i] * along) / scales[k];
  });
  return out;
}

const lengthOf = (vector: Float64Array): number =>
  Math.sqrt(vector.reduce((sum, entry) => sum + entry * entry, 0));
