import type { Rng } from '../../../core/rng.ts';
import { coordinateOf, type Domain, sizeOf, valueAt } from '../domain.ts';
import { drawTruncatedNormal, normalMass } from './truncated-normal.ts';

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);
const LEAST_MASS = 1e-300;
/** A grid of more values is taken for an interval: its cells are narrower than any kernel. */
const MOST_CELLS = 128;

/** Observed coordinates, one array for each domain, and what each observation counts. */
export type Observations = { coordinates: readonly Float64Array[]; weights: Float64Array };

export type ParzenOptions = {
  /** Weight of the kernel that spreads over the whole domain, next to observations of about 1. */
  priorWeight: number;
  /** Least width of a kernel among n, as a share of the domain. */
  leastWidth: (kernels: number) => number;
};

/** Density over the coordinates of some domains together. */
export type Parzen = {
  /** Writes a random point into `point`. */
  sample(rng: Rng, point: Float64Array): void;
  logDensity(point: Float64Array): number;
};

/** One domain's share of the kernels; `means` and `widths` by kernel, the prior last. */
type Axis = {
  domain: Domain;
  kind: 'interval' | 'grid' | 'category';
  means: Float64Array;
  widths: Float64Array;
  /** Log of the mass of each kernel inside the domain. */
  logInside: Float64Array;
  /** Categories: log of the chance of the observed one, and of each other one. */
  logHit: number;
  logMiss: number;
  /** Grids: by coordinate, log of each kernel's mass in the cell; filled when asked for. */
  cells: Map<number, Float64Array>;
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
    constants[k] = Math.log(cumulative[k] - (k > 0 ? cumulative[k - 1] : 0));
    for (const axis of axes) {
      constants[k] -= axis.logInside[k];
      if (axis.kind === 'interval') constants[k] -= Math.log(axis.widths[k]) + HALF_LOG_2_PI;
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

function numberAxis(domain: Domain, observed: Float64Array, options: ParzenOptions): Axis {
  const { low, high } = domain;
  const count = observed.length;
  const means = new Float64Array(count + 1);
  means.set(observed);
  means[count] = (low + high) / 2;
  const widths = new Float64Array(count + 1);
  widths.set(neighbourGaps(observed, low, high));
  const least = (high - low) * options.leastWidth(count + 1);
  for (let k = 0; k < count; k++) widths[k] = Math.min(high - low, Math.max(least, widths[k]));
  widths[count] = high - low;
  const logInside = means.map((mean, k) =>
    Math.log(normalMass((low - mean) / widths[k], (high - mean) / widths[k])),
  );
  const isFine = domain.step === 0 || (!domain.isLog && sizeOf(domain) > MOST_CELLS);
  const kind = isFine ? 'interval' : 'grid';
  return { domain, kind, means, widths, logInside, logHit: 0, logMiss: 0, cells: new Map() };
}

/** By observation: the wider gap to a neighbour; at the ends, the gap to the only one. */
function neighbourGaps(observed: Float64Array, low: number, high: number): Float64Array {
  const count = observed.length;
  const order = Uint32Array.from(observed, (_, i) => i).sort((i, j) => observed[i] - observed[j]);
  const gaps = new Float64Array(count);
  if (count === 1) gaps[0] = Math.max(observed[0] - low, high - observed[0]);
  for (let at = 0; at < count && count > 1; at++) {
    const below = at > 0 ? observed[order[at]] - observed[order[at - 1]] : 0;
    const above = at < count - 1 ? observed[order[at + 1]] - observed[order[at]] : 0;
    gaps[order[at]] = Math.max(below, above);
  }
  return gaps;
}

function categoryAxis(domain: Domain, observed: Float64Array, options: ParzenOptions): Axis {
  const kernels = observed.length + 1;
  const size = domain.last + 1;
  const share = options.priorWeight / kernels;
  const total = 1 + share * size;
  const means = new Float64Array(kernels).fill(-1);
  means.set(observed);
  return {
    ...{ domain, kind: 'category', means, widths: means, logInside: new Float64Array(kernels) },
    ...{
      logHit: Math.log((1 + share) / total),
      logMiss: Math.log(share / total),
      cells: new Map(),
    },
  };
}

function sampleAxis(axis: Axis, kernel: number, rng: Rng): number {
  const { domain, means, widths } = axis;
  if (axis.kind === 'category') return sampleCategory(axis, means[kernel], rng());
  const { low, high } = domain;
  const at = drawTruncatedNormal(
    { mean: means[kernel], deviation: widths[kernel], low, high },
    rng,
  );
  return domain.step === 0 ? at : coordinateOf(domain, valueAt(domain, at));
}

function sampleCategory({ domain, logHit, logMiss }: Axis, observed: number, unit: number): number {
  const size = domain.last + 1;
  if (observed < 0) return Math.min(domain.last, Math.floor(unit * size));
  const hit = Math.exp(logHit);
  if (unit < hit) return observed;
  const other = Math.min(size - 2, Math.floor((unit - hit) / Math.exp(logMiss)));
  return other < observed ? other : other + 1;
}

/** Adds to each kernel's log density what one coordinate says. */
function addLogs(axis: Axis, at: number, logs: Float64Array): void {
  const { domain, means, widths } = axis;
  const kernels = logs.length;
  if (axis.kind === 'interval') {
    for (let k = 0; k < kernels; k++) {
      const z = (at - means[k]) / widths[k];
      logs[k] -= 0.5 * z * z;
    }
    return;
  }
  if (axis.kind === 'category') {
    const { logHit, logMiss } = axis;
    for (let k = 0; k < kernels - 1; k++) logs[k] += means[k] === at ? logHit : logMiss;
    logs[kernels - 1] -= Math.log(domain.last + 1);
    return;
  }
  const cell = axis.cells.get(at) ?? cellLogs(axis, at);
  for (let k = 0; k < kernels; k++) logs[k] += cell[k];
}

function cellLogs({ domain, means, widths, cells }: Axis, at: number): Float64Array {
  const half = domain.step / 2;
  const from = domain.isLog ? Math.log(Math.exp(at) - half) : at - half;
  const to = domain.isLog ? Math.log(Math.exp(at) + half) : at + half;
  const logs = means.map((mean, k) =>
    Math.log(Math.max(LEAST_MASS, normalMass((from - mean) / widths[k], (to - mean) / widths[k]))),
  );
  cells.set(at, logs);
  return logs;
}

function logSum(logs: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of logs) if (value > most) most = value;
  let sum = 0;
  for (const value of logs) sum += Math.exp(value - most);
  return most + Math.log(sum);
}
