import { exp, log } from '../../../core/portable-math.ts';
import type { Rng } from '../../../core/rng.ts';
import { coordinateOf, type Domain, sizeOf, valueAt } from '../domain.ts';
import { drawTruncatedNormal, normalMass } from './truncated-normal.ts';

const LEAST_MASS = 1e-300;
/** A grid of more values is taken for an interval: its cells are narrower than any kernel. */
const MOST_CELLS = 128;

export type ParzenOptions = {
  /** Weight of the kernel that spreads over the whole domain, next to observations of about 1. */
  priorWeight: number;
  /** Least width of a kernel among n, as a share of the domain. */
  leastWidth: (kernels: number) => number;
};

/** One domain's share of the kernels; `means` and `widths` by kernel, the prior last. */
export type Axis = {
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

export function numberAxis(domain: Domain, observed: Float64Array, options: ParzenOptions): Axis {
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
    log(normalMass((low - mean) / widths[k], (high - mean) / widths[k])),
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

export function categoryAxis(domain: Domain, observed: Float64Array, options: ParzenOptions): Axis {
  const kernels = observed.length + 1;
  const size = domain.last + 1;
  const share = options.priorWeight / kernels;
  const total = 1 + share * size;
  const means = new Float64Array(kernels).fill(-1);
  means.set(observed);
  return {
    ...{ domain, kind: 'category', means, widths: means, logInside: new Float64Array(kernels) },
    ...{
      logHit: log((1 + share) / total),
      logMiss: log(share / total),
      cells: new Map(),
    },
  };
}

/** A random coordinate of one kernel. */
export function sampleAxis(axis: Axis, kernel: number, rng: Rng): number {
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
  const hit = exp(logHit);
  if (unit < hit) return observed;
  const other = Math.min(size - 2, Math.floor((unit - hit) / exp(logMiss)));
  return other < observed ? other : other + 1;
}

/** Adds to each kernel's log density what one coordinate says. */
export function addLogs(axis: Axis, at: number, logs: Float64Array): void {
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
    logs[kernels - 1] -= log(domain.last + 1);
    return;
  }
  const cell = axis.cells.get(at) ?? cellLogs(axis, at);
  for (let k = 0; k < kernels; k++) logs[k] += cell[k];
}

function cellLogs({ domain, means, widths, cells }: Axis, at: number): Float64Array {
  const half = domain.step / 2;
  const from = domain.isLog ? log(exp(at) - half) : at - half;
  const to = domain.isLog ? log(exp(at) + half) : at + half;
  const logs = means.map((mean, k) =>
    log(Math.max(LEAST_MASS, normalMass((from - mean) / widths[k], (to - mean) / widths[k]))),
  );
  cells.set(at, logs);
  return logs;
}
