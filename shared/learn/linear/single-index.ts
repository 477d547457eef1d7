import type { Matrix } from '../../prepare/matrix.ts';
import { addGram, BLOCK_ROWS, createColumnBlock, dotColumn, fillColumns } from './column-block.ts';
import type { Curve, CurveRows } from './curve.ts';
import { dot, maxAbsolute, minimiseLbfgs } from './l-bfgs.ts';
import { solveDamped } from './solve-symmetric.ts';

/** Minimises sum weights curve(y, b + x . c) + alpha |c|^2 / 2 over c and b; b is not penalised. */
export type SingleIndexProblem = {
  matrix: Matrix;
  target: Float64Array;
  /** Null: all 1. */
  weights: Float64Array | null;
  curve: Curve;
  alpha: number;
  /** Where the intercept starts; the coefficients start at 0. */
  intercept: number;
  /** Coefficients and intercept to start from instead: [columns + 1]. */
  start?: Float64Array;
  /** Absent: only the coefficients are penalised. */
  penalisesIntercept?: boolean;
};

export type IterationOptions = {
  maxIter: number;
  /** Stops once no entry of the gradient is above it. */
  tol: number;
  isTimeUp?: () => boolean;
};

/** Above so many columns a Hessian costs more than the iterations that it saves. */
const MAX_NEWTON_COLUMNS = 400;
const MAX_HALVINGS = 40;
/**
 * A last step is this small, relative to the largest coefficient: what it leaves is about its square
 * by a Hessian of the same place, a part of it by an older one.
 */
const FRESH_STEP = 1e-5;
const STALE_STEP = 1e-8;
const ROUNDING = 1e-10;

type Sweep = { value: number; gradient: Float64Array; hessian: Float64Array };

/**
 * The minimum: by Newton's method with step halving where the columns are few, else by L-BFGS. Newton
 * goes on past `tol` until what is left is some 1e-9 of the coefficients, which costs few passes more.
 * @returns coefficients, then the intercept: [columns + 1]
 * Cost per Newton iteration: rows x columns^2 / 2 + columns^3 / 6.
 */
export function fitSingleIndex(
  problem: SingleIndexProblem,
  { maxIter, tol, isTimeUp }: IterationOptions,
): Float64Array {
  const total = problem.matrix.names.length + 1;
  const start = problem.start ?? new Float64Array(total);
  if (!problem.start) start[total - 1] = problem.intercept;
  const sweep = createSweep(problem);
  if (total > MAX_NEWTON_COLUMNS) {
    const smooth = (x: Float64Array, gradient: Float64Array) => {
      const { value, gradient: found } = sweep(x, false);
      gradient.set(found);
      return value;
    };
    return minimiseLbfgs(smooth, start, { maxIter, tol, isTimeUp });
  }
  return newton(sweep, start, { maxIter, tol, isTimeUp });
}

/** A Hessian serves on while steps by it shrink the gradient by this factor: a pass without costs a fourth. */
const KEEP_HESSIAN = 0.15;

function newton(
  sweep: (x: Float64Array, withHessian: boolean) => Sweep,
  start: Float64Array,
  { maxIter, tol, isTimeUp }: IterationOptions,
): Float64Array {
  let x = start;
  let at = sweep(x, true);
  let { hessian } = at;
  let keeps = false;
  for (let i = 0; i < maxIter && !isTimeUp?.(); i++) {
    const step = solveDamped(hessian, at.gradient);
    const size = maxAbsolute(at.gradient);
    const isFresh = at.hessian.length > 0;
    const isSmall = maxAbsolute(step) <= (isFresh ? FRESH_STEP : STALE_STEP) * (1 + maxAbsolute(x));
    if (size <= tol && isSmall) return x.map((value, j) => value - step[j]);
    const next = lowerAlong(sweep, { x, step, from: at, withHessian: !keeps });
    // No step is lower: rounding is all that is left of the gradient.
    if (next === null) return x;
    const shrunk = maxAbsolute(next.at.gradient) <= KEEP_HESSIAN * size;
    if (keeps && !shrunk) next.at = sweep(next.x, true);
    if (next.at.hessian.length > 0) hessian = next.at.hessian;
    keeps = shrunk;
    x = next.x;
    at = next.at;
  }
  return x;
}

/**
 * The first of the steps 1, 1/2, 1/4, ... that is lower by a share of what it promises. Where that is
 * within the value's rounding, the whole step if the gradient is smaller there.
 */
function lowerAlong(
  sweep: (x: Float64Array, withHessian: boolean) => Sweep,
  given: { x: Float64Array; step: Float64Array; from: Sweep; withHessian: boolean },
): { x: Float64Array; at: Sweep } | null {
  const { x, step, from, withHessian } = given;
  const decrease = dot(from.gradient, step);
  for (let halving = 0, length = 1; halving < MAX_HALVINGS; halving++, length /= 2) {
    const next = x.map((value, j) => value - length * step[j]);
    const at = sweep(next, withHessian);
    if (at.value <= from.value - 1e-4 * length * decrease) return { x: next, at };
    if (decrease <= ROUNDING * (1 + Math.abs(from.value)))
      return maxAbsolute(at.gradient) < maxAbsolute(from.gradient) ? { x: next, at } : null;
  }
  return null;
}

/** Value, gradient and Hessian (lower triangle, [columns + 1]^2) in one pass over the rows. */
export function createSweep(problem: Omit<SingleIndexProblem, 'intercept'>) {
  const { matrix, target, weights, curve, alpha, penalisesIntercept = false } = problem;
  const width = matrix.names.length;
  const total = width + 1;
  const block = createColumnBlock(total);
  const rowsOf = createRows();
  return (x: Float64Array, withHessian: boolean): Sweep => {
    const gradient = new Float64Array(total);
    const hessian = new Float64Array(withHessian ? total * total : 0);
    let value = 0;
    for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, matrix.rows - from);
      rowsOf.rows = rows;
      fillColumns(block, matrix, { from, rows });
      block.fill(1, width * BLOCK_ROWS, total * BLOCK_ROWS);
      for (let r = 0; r < rows; r++) rowsOf.target[r] = target[from + r];
      predictors(block, x, rowsOf);
      curve(rowsOf);
      value += weigh(rowsOf, weights === null ? null : weights.subarray(from, from + rows));
      for (let j = 0; j < total; j++)
        gradient[j] += dotColumn(block, j, { values: rowsOf.slope, rows });
      if (!withHessian) continue;
      scaleByRoots(block, total, rowsOf);
      addGram(hessian, block, { rows, columns: total });
    }
    for (let j = 0; j < (penalisesIntercept ? total : width); j++) {
      value += (alpha * x[j] * x[j]) / 2;
      gradient[j] += alpha * x[j];
      if (withHessian) hessian[j * total + j] += alpha;
    }
    return { value, gradient, hessian };
  };
}

const createRows = (): CurveRows => ({
  rows: 0,
  eta: new Float64Array(BLOCK_ROWS),
  target: new Float64Array(BLOCK_ROWS),
  slope: new Float64Array(BLOCK_ROWS),
  curvature: new Float64Array(BLOCK_ROWS),
  loss: new Float64Array(BLOCK_ROWS),
});

/** eta = block x. */
function predictors(block: Float64Array, x: Float64Array, { rows, eta }: CurveRows): void {
  eta.fill(0);
  for (let j = 0; j < x.length; j++) {
    const factor = x[j];
    const at = j * BLOCK_ROWS;
    for (let r = 0; r < rows; r++) eta[r] += factor * block[at + r];
  }
}

/** Multiplies the derivatives by the weights; returns the weighted loss. */
function weigh({ rows, loss, slope, curvature }: CurveRows, weights: Float64Array | null): number {
  let sum = 0;
  if (weights === null) {
    for (let r = 0; r < rows; r++) sum += loss[r];
    return sum;
  }
  for (let r = 0; r < rows; r++) {
    // A row of weight 0 may have a loss beyond numbers.
    if (weights[r] === 0) slope[r] = curvature[r] = 0;
    else {
      sum += weights[r] * loss[r];
      slope[r] *= weights[r];
      curvature[r] *= weights[r];
    }
  }
  return sum;
}

function scaleByRoots(block: Float64Array, columns: number, { rows, curvature }: CurveRows): void {
  for (let r = 0; r < rows; r++) curvature[r] = Math.sqrt(curvature[r]);
  for (let j = 0; j < columns; j++) {
    const at = j * BLOCK_ROWS;
    for (let r = 0; r < rows; r++) block[at + r] *= curvature[r];
  }
}
