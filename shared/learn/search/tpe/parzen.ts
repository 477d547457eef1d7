import { exp, log } from '../../../core/portable-math.ts';
import type { Rng } from '../../../core/rng.ts';
import type { Domain } from '../domain.ts';
import {
  addLogs,
  categoryAxis,
  numberAxis,
  type ParzenOptions,
  sampleAxis,
} from './kernel-axis.ts';

const HALF_LOG_2_PI = 0.5 * log(2 * Math.PI);
/** Log of a share that a sum in double precision does not see. */
const NEGLIGIBLE = -40;

/** Observed coordinates, one array for each domain, and what each observation counts. */
export type Observations = { coordinates: readonly Float64Array[]; weights: Float64Array };

/** Density over the coordinates of some domains together. */
export type Parzen = {
  /** Writes a random point into `point`. */
  sample(rng: Rng, point: Float64Array): void;
  logDensity(point: Float64Array): number;
};

/**
 * Parzen estimator whose kernels are products over the domains: a normal distribution cut to the
 * interval for a number (its mass in the grid cell where there is a grid), a smoothed count for a
 * category, and one kernel more as the prior.
 * @param observations coordinates [domain][observation]; none: the prior alone
 * Cost: a density O(observations x domains).
 * Source: Bergstra et al. (2011), section 4; Falkner et al. (2018) for the product; widths by
 * neighbours as in Optuna 5.0.0 (`_ParzenEstimator`), which Watanabe (2023) compares.
 */
export function createParzen(
  domains: readonly Domain[],
  observations: Observations,
  options: ParzenOptions,
): Parzen {
  const cumulative = cumulativeWeights(observations.weights, options.priorWeight);
  const kernels = cumulative.length;
  const axes = domains.map((domain, i) =>
    domain.choices === null
      ? numberAxis(domain, observations.coordinates[i], options)
      : categoryAxis(domain, observations.coordinates[i], options),
  );
  const constants = new Float64Array(kernels);
  for (let k = 0; k < kernels; k++) {
    constants[k] = log(cumulative[k] - (k > 0 ? cumulative[k - 1] : 0));
    for (const axis of axes) {
      constants[k] -= axis.logInside[k];
      if (axis.kind === 'interval') constants[k] -= log(axis.widths[k]) + HALF_LOG_2_PI;
    }
  }
  const logs = new Float64Array(kernels);
  return {
    sample: (rng, point) => {
      const at = pick(cumulative, rng());
      for (let i = 0; i < axes.length; i++) point[i] = sampleAxis(axes[i], at, rng);
    },
    logDensity: (point) => {
      logs.set(constants);
      for (let i = 0; i < axes.length; i++) addLogs(axes[i], point[i], logs);
      return logSum(logs);
    },
  };
}

/** Running sums of the weights and the prior's, ending in 1. */
function cumulativeWeights(weights: Float64Array, priorWeight: number): Float64Array {
  const cumulative = new Float64Array(weights.length + 1);
  const prior = weights.length === 0 ? 1 : priorWeight;
  let total = prior;
  for (const weight of weights) total += weight;
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k] / total;
    cumulative[k] = sum;
  }
  cumulative[weights.length] = 1;
  return cumulative;
}

function pick(cumulative: Float64Array, unit: number): number {
  let at = 0;
  while (at < cumulative.length - 1 && cumulative[at] <= unit) at++;
  return at;
}

function logSum(logs: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logs.length; k++) if (logs[k] > most) most = logs[k];
  let sum = 0;
  for (let k = 0; k < logs.length; k++) {
    const gap = logs[k] - most;
    if (gap > NEGLIGIBLE) sum += exp(gap);
  }
  return most + log(sum);
}
