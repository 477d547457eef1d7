import type { KernelCache } from './kernel-cache.ts';

/**
 * minimise a^T Q a / 2 + linear . a subject to sign . a = 0 and 0 <= a_i <= upper_i, where
 * Q_ij = sign_i sign_j kernel(row of i, row of j). Variables come in groups of as many as there are
 * rows: one group, or two for a regression, whose variable i and i + rows have the same row.
 */
export type SmoProblem = {
  cache: KernelCache;
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
 * method of LIBSVM 3.25 without shrinking, which on 5,000 to 20,000 rows costs it more than it saves.
 * Stops once the two most violating variables differ by less
 * than `tol`.
 * Cost: two rows of the kernel and 3 variables per step.
 */
export function solveSmo(problem: SmoProblem, { tol, maxIter, isTimeUp }: SmoOptions): SmoSolution {
  const { sign, linear, upper } = problem;
  const state: SmoState = {
    a: new Float64Array(sign.length),
    pull: linear.map((value, t) => -sign[t] * value),
    canRise: Uint8Array.from(sign, (own, t) => (own > 0 && upper[t] > 0 ? 1 : 0)),
    canFall: Uint8Array.from(sign, (own, t) => (own < 0 && upper[t] > 0 ? 1 : 0)),
  };
  for (let i = 0; i < maxIter; i++) {
    if (i % STEPS_PER_LOOK === 0 && isTimeUp?.()) break;
    const pair = selectPair(problem.cache, state, tol);
    if (pair === null) break;
    step(problem, state, pair);
  }
  return { a: state.a, rho: thresholdOf(problem, state) };
}

type SmoState = {
  a: Float64Array;
  /** - sign x gradient: how much sign x a wants to rise. */
  pull: Float64Array;
  /** 1 where sign x a may rise, or fall, within the bounds. */
  canRise: Uint8Array;
  canFall: Uint8Array;
};

type Pair = { i: number; j: number };

function selectPair(
  { row, diagonal, rows }: KernelCache,
  { pull, canRise, canFall }: SmoState,
  tol: number,
): Pair | null {
  let i = -1;
  let highest = -Infinity;
  for (let t = 0; t < pull.length; t++)
    if (canRise[t] === 1 && pull[t] >= highest) {
      highest = pull[t];
      i = t;
    }
  if (i < 0) return null;
  const kernel = row(i % rows);
  const own = diagonal[i % rows];
  let j = -1;
  let lowest = Infinity;
  let best = 0;
  for (let group = 0; group < pull.length; group += rows)
    for (let r = 0; r < rows; r++) {
      const t = group + r;
      if (canFall[t] === 0) continue;
      const value = pull[t];
      if (value < lowest) lowest = value;
      const gain = highest - value;
      if (gain <= 0) continue;
      const curvature = own + diagonal[r] - 2 * kernel[r];
      const decrease = (gain * gain) / (curvature > 0 ? curvature : TAU);
      if (decrease >= best) {
        best = decrease;
        j = t;
      }
    }
  return j < 0 || highest - lowest < tol ? null : { i, j };
}

function step({ cache, sign, upper }: SmoProblem, state: SmoState, { i, j }: Pair): void {
  const { a, pull } = state;
  const { rows, diagonal } = cache;
  const rowI = cache.row(i % rows);
  const rowJ = cache.row(j % rows);
  const curvature = diagonal[i % rows] + diagonal[j % rows] - 2 * rowI[j % rows];
  // Along sign_i a_i += d, sign_j a_j -= d, which keeps sign . a.
  let d = (pull[i] - pull[j]) / (curvature > 0 ? curvature : TAU);
  d = Math.min(d, sign[i] > 0 ? upper[i] - a[i] : a[i], sign[j] > 0 ? a[j] : upper[j] - a[j]);
  const moveI = moveBy(i, d, { sign, upper, state });
  const moveJ = moveBy(j, -d, { sign, upper, state });
  for (let group = 0; group < pull.length; group += rows)
    for (let r = 0; r < rows; r++) pull[group + r] -= moveI * rowI[r] + moveJ * rowJ[r];
}

/** Adds d to sign x a. @returns what was added, which rounding at a bound may change */
function moveBy(
  t: number,
  d: number,
  { sign, upper, state }: { sign: Int8Array; upper: Float64Array; state: SmoState },
): number {
  const { a, canRise, canFall } = state;
  const before = a[t];
  a[t] = clip(before + sign[t] * d, upper[t]);
  const isBelowUpper = a[t] < upper[t] ? 1 : 0;
  const isAboveZero = a[t] > 0 ? 1 : 0;
  canRise[t] = sign[t] > 0 ? isBelowUpper : isAboveZero;
  canFall[t] = sign[t] > 0 ? isAboveZero : isBelowUpper;
  return sign[t] * (a[t] - before);
}

/** At a bound to rounding is at the bound. */
function clip(value: number, upper: number): number {
  if (value < 1e-14 * upper) return 0;
  return value > upper * (1 - 1e-14) ? upper : value;
}

/** Mean of sign x gradient over the free variables, or the middle of what the bound ones allow. */
function thresholdOf({ sign, upper }: SmoProblem, { a, pull }: SmoState): number {
  let above = Infinity;
  let below = -Infinity;
  let sum = 0;
  let free = 0;
  for (let t = 0; t < a.length; t++) {
    const value = -pull[t];
    const isAtUpper = a[t] >= upper[t];
    if (!isAtUpper && a[t] > 0) {
      free++;
      sum += value;
    } else if (isAtUpper === sign[t] > 0) below = Math.max(below, value);
    else above = Math.min(above, value);
  }
  if (free > 0) return sum / free;
  if (above === Infinity) return Number.isFinite(below) ? below : 0;
  return below === -Infinity ? above : (above + below) / 2;
}
