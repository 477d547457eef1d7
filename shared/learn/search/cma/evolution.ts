import { normal, type Rng } from '../../../core/rng.ts';
import { symmetricEigen } from '../../../stats/linear/symmetric-eigen.ts';

export type CmaOptions = {
  /**
   * Solutions of a generation; default 4 + floor(1.5 ln n). Hansen's is 4 + floor(3 ln n), for
   * thousands of evaluations: with some hundred, more generations found lower values (bench tpe).
   */
  populationSize: number;
  /** First step size in units of the domains. */
  startDeviation: number;
};

/** The strategy's constants, by dimension and population. Source: Hansen (2016), table 1. */
type Rates = {
  weights: Float64Array;
  /** How many of the weights are positive. */
  parents: number;
  effective: number;
  stepPath: number;
  damping: number;
  covariancePath: number;
  rankOne: number;
  rankMu: number;
  /** Expected length of a standard normal vector. */
  expectedLength: number;
};

export type Solution = { point: Float64Array; loss: number };

/** The search distribution N(mean, step^2 C), C = B D^2 B^T. */
export type Evolution = {
  readonly populationSize: number;
  generation: number;
  mean: Float64Array;
  step: number;
  sample(rng: Rng): Float64Array;
  /** Moves on by the solutions of a generation. */
  update(solutions: readonly Solution[]): void;
};

const LEAST_EIGENVALUE = 1e-16;

/**
 * Covariance matrix adaptation evolution strategy with weighted recombination, cumulative step
 * size adaptation, rank-one and rank-mu updates with negative weights.
 * @param start shape [n]
 * Cost: a generation O(n^3). Source: Hansen (2016), The CMA Evolution Strategy: A Tutorial,
 * arXiv:1604.00772. Reference implementation: pycma 4.5.0.
 */
export function createEvolution(start: Float64Array, options: Partial<CmaOptions> = {}): Evolution {
  const n = start.length;
  const populationSize = options.populationSize ?? 4 + Math.floor(1.5 * Math.log(n));
  const rates = ratesOf(n, populationSize);
  const stepPath = new Float64Array(n);
  const covariancePath = new Float64Array(n);
  let covariance: number[][] = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)),
  );
  let axes = covariance;
  let scales = new Float64Array(n).fill(1);
  const evolution: Evolution = {
    ...{
      populationSize,
      generation: 0,
      mean: start.slice(),
      step: options.startDeviation ?? 1 / 6,
    },
    sample: (rng) => {
      const point = evolution.mean.slice();
      for (let k = 0; k < n; k++) {
        const along = evolution.step * scales[k] * normal(rng);
        for (let i = 0; i < n; i++) point[i] += along * axes[k][i];
      }
      return point;
    },
    update: (solutions) => {
      const steps = rankedSteps(solutions, evolution);
      const move = new Float64Array(n);
      for (let r = 0; r < rates.parents; r++)
        for (let i = 0; i < n; i++) move[i] += rates.weights[r] * steps[r][i];
      for (let i = 0; i < n; i++) evolution.mean[i] += evolution.step * move[i];
      evolution.generation++;
      const whitened = whiten(move, axes, scales);
      const stalls = advancePaths(move, whitened);
      covariance = adapt(steps, stalls);
      const ratio = Math.hypot(...stepPath) / rates.expectedLength;
      evolution.step *= Math.exp(Math.min(1, (rates.stepPath / rates.damping) * (ratio - 1)));
      const eigen = symmetricEigen(covariance);
      axes = eigen.vectors;
      scales = Float64Array.from(eigen.values, (value) =>
        Math.sqrt(Math.max(value, LEAST_EIGENVALUE)),
      );
    },
  };
  return evolution;

  /** @returns 0 while the step path is unusually long, which holds the rank-one update back */
  function advancePaths(move: Float64Array, whitened: Float64Array): number {
    const keep = 1 - rates.stepPath;
    const gain = Math.sqrt(rates.stepPath * (2 - rates.stepPath) * rates.effective);
    for (let i = 0; i < n; i++) stepPath[i] = keep * stepPath[i] + gain * whitened[i];
    const memory = Math.sqrt(1 - keep ** (2 * (evolution.generation + 1)));
    const isShort =
      Math.hypot(...stepPath) / memory < (1.4 + 2 / (n + 1)) * rates.expectedLength ? 1 : 0;
    const own = Math.sqrt(rates.covariancePath * (2 - rates.covariancePath) * rates.effective);
    for (let i = 0; i < n; i++)
      covariancePath[i] = (1 - rates.covariancePath) * covariancePath[i] + isShort * own * move[i];
    return isShort;
  }

  function adapt(steps: readonly Float64Array[], isShort: number): number[][] {
    const { rankOne, rankMu, weights } = rates;
    const lost = (1 - isShort) * rankOne * rates.covariancePath * (2 - rates.covariancePath);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = weights.map((weight, r) => {
      if (weight >= 0) return weight;
      const length = Math.hypot(...whiten(steps[r], axes, scales));
      return (weight * n) / Math.max(length * length, 1e-300);
    });
    return covariance.map((row, i) =>
      row.map((value, j) => {
        let spread = 0;
        for (let r = 0; r < steps.length; r++) spread += shares[r] * steps[r][i] * steps[r][j];
        return (
          (1 + lost - rankOne - rankMu * total) * value +
          rankOne * covariancePath[i] * covariancePath[j] +
          rankMu * spread
        );
      }),
    );
  }
}

/** (point - mean) / step of each solution, best first; equal losses keep their order. */
function rankedSteps(solutions: readonly Solution[], evolution: Evolution): Float64Array[] {
  return [...solutions]
    .sort((a, b) => a.loss - b.loss)
    .map(({ point }) => point.map((value, i) => (value - evolution.mean[i]) / evolution.step));
}

/** C^(-1/2) times a vector. */
function whiten(
  vector: Float64Array,
  axes: readonly number[][],
  scales: Float64Array,
): Float64Array {
  const out = new Float64Array(vector.length);
  axes.forEach((axis, k) => {
    let along = 0;
    for (let i = 0; i < vector.length; i++) along += axis[i] * vector[i];
    for (let i = 0; i < vector.length; i++) out[i] += (axis[i] * along) / scales[k];
  });
  return out;
}

function ratesOf(n: number, populationSize: number): Rates {
  const parents = Math.floor(populationSize / 2);
  const raw = Float64Array.from(
    { length: populationSize },
    (_, i) => Math.log((populationSize + 1) / 2) - Math.log(i + 1),
  );
  const effectiveOf = (values: Float64Array): number =>
    values.reduce((a, b) => a + b, 0) ** 2 / values.reduce((a, b) => a + b * b, 0);
  const effective = effectiveOf(raw.subarray(0, parents));
  const effectiveBad = effectiveOf(raw.subarray(parents));
  const rankOne = 2 / ((n + 1.3) ** 2 + effective);
  const rankMu = Math.min(
    1 - rankOne,
    (2 * (effective - 2 + 1 / effective)) / ((n + 2) ** 2 + effective),
  );
  const stepPath = (effective + 2) / (n + effective + 5);
  const negative = Math.min(
    1 + rankOne / rankMu,
    1 + (2 * effectiveBad) / (effective + 2),
    (1 - rankOne - rankMu) / (n * rankMu),
  );
  const good = raw.reduce((sum, value) => sum + Math.max(0, value), 0);
  const bad = raw.reduce((sum, value) => sum + Math.max(0, -value), 0);
  return {
    ...{ parents, effective, stepPath, rankOne, rankMu },
    weights: raw.map((value) => (value >= 0 ? value / good : (negative * value) / bad)),
    damping: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + stepPath,
    covariancePath: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    expectedLength: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}
