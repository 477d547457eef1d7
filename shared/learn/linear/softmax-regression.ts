import { exp, log } from '../../core/portable-math.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import { addGram, BLOCK_ROWS, createColumnBlock, dotColumn, fillColumns } from './column-block.ts';
import { dot, maxAbsolute, minimiseLbfgs } from './l-bfgs.ts';
import type { Smooth } from './proximal.ts';
import type { IterationOptions } from './single-index.ts';
import { solveDamped } from './solve-symmetric.ts';

/** Minimises sum weights -log softmax(b + C x)[y] + alpha |C|^2 / 2; intercepts are not penalised. */
export type SoftmaxProblem = {
  matrix: Matrix;
  /** Class codes by row. */
  target: Float64Array;
  classes: number;
  weights: Float64Array | null;
  alpha: number;
  /** Row-major [classes, columns + 1], where to start; absent: 0. */
  start?: Float64Array;
};

/** Above so many unknowns a Hessian costs more than the iterations that it saves. */
const MAX_NEWTON_UNKNOWNS = 260;
const MAX_HALVINGS = 40;

/**
 * Multinomial logistic regression with a score per class, all penalised (scikit-learn's, not the
 * form with a class of reference): Newton where the unknowns are few, else L-BFGS. Intercepts sum to
 * 0, which the loss leaves open.
 * @returns row-major [classes, columns + 1], the intercept last
 * Cost per Newton iteration: rows x (classes x columns)^2 / 4.
 */
export function fitSoftmax(problem: SoftmaxProblem, options: IterationOptions): Float64Array {
  const { matrix, classes } = problem;
  const total = matrix.names.length + 1;
  const start = problem.start ?? new Float64Array(classes * total);
  if (start.length > MAX_NEWTON_UNKNOWNS)
    return minimiseLbfgs(
      (x, gradient) => sweep(problem, x, { gradient, hessian: null }),
      start,
      options,
    );
  return newton(problem, start, options);
}

function newton(
  problem: SoftmaxProblem,
  start: Float64Array,
  { maxIter, tol, isTimeUp }: IterationOptions,
): Float64Array {
  const n = start.length;
  const gradient = new Float64Array(n);
  const hessian = new Float64Array(n * n);
  const trialGradient = new Float64Array(n);
  let x = start;
  for (let i = 0; i < maxIter; i++) {
    const value = sweep(problem, x, { gradient, hessian });
    fixIntercepts(hessian, problem);
    const step = solveDamped(hessian, gradient);
    const isLast = maxAbsolute(gradient) <= tol;
    const decrease = dot(gradient, step);
    let next: Float64Array | null = null;
    let length = 1;
    for (let halving = 0; halving < MAX_HALVINGS && next === null; halving++, length /= 2) {
      const trial = x.map((at, j) => at - length * step[j]);
      const found = sweep(problem, trial, { gradient: trialGradient, hessian: null });
      if (found <= value - (isLast ? 0 : 1e-4 * length * decrease)) next = trial;
      if (isLast) break;
    }
    if (next === null) return x;
    x = next;
    if (isLast || isTimeUp?.()) return x;
  }
  return x;
}

/** The problem as a function of its unknowns, for other ways of minimising it. */
export const softmaxSmooth =
  (problem: SoftmaxProblem): Smooth =>
  (x, withHessian) => {
    const gradient = new Float64Array(x.length);
    const hessian = withHessian ? new Float64Array(x.length ** 2) : null;
    const value = sweep(problem, x, { gradient, hessian });
    if (hessian !== null) fixIntercepts(hessian, problem);
    return { value, gradient, hessian: hessian ?? new Float64Array(0) };
  };

/** The same number added to every intercept changes nothing: makes that direction not flat. */
function fixIntercepts(hessian: Float64Array, { matrix, classes }: SoftmaxProblem): void {
  const total = matrix.names.length + 1;
  const n = classes * total;
  for (let a = 0; a < classes; a++)
    for (let b = 0; b < classes; b++)
      hessian[(a * total + total - 1) * n + b * total + total - 1] += 1;
}

type Derivatives = { gradient: Float64Array; hessian: Float64Array | null };

/** The loss; writes the gradient and the lower triangle of the Hessian. */
function sweep(problem: SoftmaxProblem, x: Float64Array, { gradient, hessian }: Derivatives) {
  const { matrix, target, weights, classes, alpha } = problem;
  const width = matrix.names.length;
  const total = width + 1;
  const block = createColumnBlock(total);
  const shares = Array.from({ length: classes }, () => new Float64Array(BLOCK_ROWS));
  const slope = new Float64Array(BLOCK_ROWS);
  gradient.fill(0);
  hessian?.fill(0);
  let value = 0;
  for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, matrix.rows - from);
    fillColumns(block, matrix, { from, rows });
    block.fill(1, width * BLOCK_ROWS, total * BLOCK_ROWS);
    shares.forEach((scores, k) => {
      addScores(block, x.subarray(k * total, (k + 1) * total), scores);
    });
    value += toShares(shares, rows, { target, weights, from });
    for (let k = 0; k < classes; k++) {
      for (let r = 0; r < rows; r++) {
        const isTarget = target[from + r] === k ? 1 : 0;
        slope[r] = (weights === null ? 1 : weights[from + r]) * (shares[k][r] - isTarget);
      }
      for (let j = 0; j < total; j++)
        gradient[k * total + j] += dotColumn(block, j, { values: slope, rows });
    }
    if (hessian !== null) addHessian(hessian, block, { shares, weights, from, rows });
  }
  for (let k = 0; k < classes; k++)
    for (let j = 0; j < width; j++) {
      const at = k * total + j;
      value += (alpha * x[at] * x[at]) / 2;
      gradient[at] += alpha * x[at];
      if (hessian !== null) hessian[at * x.length + at] += alpha;
    }
  return value;
}

function addScores(block: Float64Array, x: Float64Array, scores: Float64Array): void {
  scores.fill(0);
  for (let j = 0; j < x.length; j++) {
    const at = j * BLOCK_ROWS;
    for (let r = 0; r < BLOCK_ROWS; r++) scores[r] += x[j] * block[at + r];
  }
}

/** Scores become probabilities in place; returns the weighted loss. */
function toShares(
  shares: readonly Float64Array[],
  rows: number,
  { target, weights, from }: { target: Float64Array; weights: Float64Array | null; from: number },
): number {
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    let highest = -Infinity;
    for (let k = 0; k < shares.length; k++) highest = Math.max(highest, shares[k][r]);
    const own = shares[target[from + r]][r];
    let sum = 0;
    for (let k = 0; k < shares.length; k++) {
      shares[k][r] = exp(shares[k][r] - highest);
      sum += shares[k][r];
    }
    for (let k = 0; k < shares.length; k++) shares[k][r] /= sum;
    loss += (weights === null ? 1 : weights[from + r]) * (log(sum) + highest - own);
  }
  return loss;
}

/** Blocks (a, b) of the Hessian: X^T diag(w (p_a [a = b] - p_a p_b)) X, one triangle of them. */
function addHessian(
  hessian: Float64Array,
  block: Float64Array,
  given: { shares: Float64Array[]; weights: Float64Array | null; from: number; rows: number },
): void {
  const { shares, weights, from, rows } = given;
  const total = block.length / BLOCK_ROWS;
  const n = shares.length * total;
  const scaled = block.slice();
  const roots = new Float64Array(BLOCK_ROWS);
  const part = new Float64Array(total * total);
  for (let a = 0; a < shares.length; a++)
    for (let b = 0; b <= a; b++) {
      for (let r = 0; r < rows; r++) {
        const w = weights === null ? 1 : weights[from + r];
        const other = a === b ? 1 - shares[a][r] : shares[b][r];
        roots[r] = Math.sqrt(w * shares[a][r] * other);
      }
      for (let j = 0; j < total; j++) {
        const at = j * BLOCK_ROWS;
        for (let r = 0; r < rows; r++) scaled[at + r] = block[at + r] * roots[r];
      }
      part.fill(0);
      addGram(part, scaled, { rows, columns: total });
      const sign = a === b ? 1 : -1;
      for (let i = 0; i < total; i++)
        for (let j = 0; j < total; j++)
          hessian[(a * total + i) * n + b * total + j] +=
            sign * (j <= i ? part[i * total + j] : part[j * total + i]);
    }
}
