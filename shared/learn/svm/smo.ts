import type { KernelCache } from './kernel-cache.ts';

/**
 * minimise a^T Q a / 2 + linear . a subject to sign . a = 0 and 0 <= a_i <= upper_i, where
 * Q_ij = sign_i sign_j kernel(base_i, base_j).
 */
export type SmoProblem = {
  cache: KernelCache;
  /** Row of the kernel of each variable. */
  base: Uint32Array;
  sign: Int8Array;
  linear: Float64Array;
  upper: Float64Array;
};

export type SmoOptions = { tol: number; maxIter: number; isTimeUp?: () => boolean };

/** The variables, and the threshold rho of sum sign_i a_i kernel(x, x_i) - rho. */
export type SmoSolution = { a: Float64Array; rho: number };

/** In place of a second derivative that is not above 0 (kernels that are not positive definite). */
const TAU = 1e-12;
const STEPS_PER_LOOK = 256;

/**
 * Sequential minimal optimisation with second-order working sets (Fan, Chen and Lin 2005, WSS 2), the
 * method of LIBSVM 3.25 without shrinking. Stops once the two most violating variables differ by less
 * than `tol`.
 * Cost: two rows of the kernel and 3 variables per step.
 */
export function solveSmo(problem: SmoProblem, { tol, maxIter, isTimeUp }: SmoOptions): SmoSolution {
  const a = new Float64Array(problem.base.length);
  const gradient = problem.linear.slice();
  for (let i = 0; i < maxIter; i++) {
    if (i % STEPS_PER_LOOK === 0 && isTimeUp?.()) break;
    const pair = selectPair(problem, a, { gradient, tol });
    if (pair === null) break;
    step(problem, a, { gradient, pair });
  }
  return { a, rho: thresholdOf(problem, a, gradient) };
}

type Pair = { i: number; j: number };

function selectPair(
  { cache, base, sign, upper }: SmoProblem,
  a: Float64Array,
  { gradient, tol }: { gradient: Float64Array; tol: number },
): Pair | null {
  let i = -1;
  let highest = -Infinity;
  for (let t = 0; t < a.length; t++) {
    if (sign[t] > 0 ? a[t] >= upper[t] : a[t] <= 0) continue;
    const value = -sign[t] * gradient[t];
    if (value >= highest) {
      highest = value;
      i = t;
    }
  }
  if (i < 0) return null;
  const row = cache.row(base[i]);
  const own = cache.diagonal[base[i]];
  let j = -1;
  let lowest = Infinity;
  let best = Infinity;
  for (let t = 0; t < a.length; t++) {
    if (sign[t] > 0 ? a[t] <= 0 : a[t] >= upper[t]) continue;
    const value = -sign[t] * gradient[t];
    if (value < lowest) lowest = value;
    const gain = highest - value;
    if (gain <= 0) continue;
    // sign_i sign_t Q_it is the kernel itself.
    const curvature = own + cache.diagonal[base[t]] - 2 * row[base[t]];
    const decrease = -(gain * gain) / (curvature > 0 ? curvature : TAU);
    if (decrease <= best) {
      best = decrease;
      j = t;
    }
  }
  return j < 0 || highest - lowest < tol ? null : { i, j };
}

function step(
  { cache, base, sign, upper }: SmoProblem,
  a: Float64Array,
  { gradient, pair: { i, j } }: { gradient: Float64Array; pair: Pair },
): void {
  const rowI = cache.row(base[i]);
  const rowJ = cache.row(base[j]);
  const curvature = cache.diagonal[base[i]] + cache.diagonal[base[j]] - 2 * rowI[base[j]];
  // Along a_i += sign_i d, a_j -= sign_j d, which keeps sign . a.
  let d = (-sign[i] * gradient[i] + sign[j] * gradient[j]) / (curvature > 0 ? curvature : TAU);
  d = Math.min(d, sign[i] > 0 ? upper[i] - a[i] : a[i], sign[j] > 0 ? a[j] : upper[j] - a[j]);
  const beforeI = a[i];
  const beforeJ = a[j];
  a[i] = clip(beforeI + sign[i] * d, upper[i]);
  a[j] = clip(beforeJ - sign[j] * d, upper[j]);
  const moveI = sign[i] * (a[i] - beforeI);
  const moveJ = sign[j] * (a[j] - beforeJ);
  for (let t = 0; t < a.length; t++)
    gradient[t] += sign[t] * (moveI * rowI[base[t]] + moveJ * rowJ[base[t]]);
}

/** At a bound to rounding is at the bound. */
function clip(value: number, upper: number): number {
  if (value < 1e-14 * upper) return 0;
  return value > upper * (1 - 1e-14) ? upper : value;
}

/** Mean of sign x gradient over the free variables, or the middle of what the bound ones allow. */
function thresholdOf({ sign, upper }: SmoProblem, a: Float64Array, gradient: Float64Array): number {
  let above = Infinity;
  let below = -Infinity;
  let sum = 0;
  let free = 0;
  for (let t = 0; t < a.length; t++) {
    const value = sign[t] * gradient[t];
    const isAtUpper = a[t] >= upper[t];
    if (!isAtUpper && a[t] > 0) {
      free++;
      sum += value;
    } else if (isAtUpper === sign[t] > 0) below = Math.max(below, value);
    else above = Math.min(above, value);
  }
  if (free > 0) return sum / free;
  if (above === Infinity || below === -Infinity)
    return Number.isFinite(above) ? above : Number.isFinite(below) ? below : 0;
  return (above + below) / 2;
}
