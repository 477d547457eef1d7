import { exp, log } from '../../core/portable-math.ts';
import { type Rng, shuffle } from '../../core/rng.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import type { LearningData } from '../algorithm.ts';
import { logisticCurve } from './curve.ts';
import { minimiseLbfgs } from './l-bfgs.ts';
import type { LinearSolution } from './least-squares.ts';
import { fitSingleIndex } from './single-index.ts';

/** Decision values by row: [rows] for two classes (positive: class 1), else [rows, classes]. */
export type Margins = Float64Array;

/** What turns margins m into scores of a logistic or softmax link: slope m_k + offsets[k]. */
export type MarginLink = { slope: number; offsets: Float64Array };

const FOLDS = 5;
/** Rows from which a slope and offsets are known well enough: no further fold is fitted for them. */
const ENOUGH_ROWS = 1000;

/**
 * Probabilities for a classifier that gives margins only, from margins of rows that it was not fitted
 * on (5 folds, stratified). Two classes: Platt's sigmoid with his smoothed targets (Platt 1999; Lin,
 * Lin and Weng 2007), as scikit-learn 1.2.1's SVC(probability=True) and CalibratedClassifierCV. More: a
 * softmax of slope x margin + an offset per class by maximum likelihood (temperature scaling with
 * biases, Guo et al. 2017), where scikit-learn divides sigmoids of each class by their sum.
 * Where margins say nothing, the class shares. Folds are fitted until 1,000 rows have margins.
 * Cost: one to five fits on four fifths of the rows.
 */
export function fitMarginLink(
  data: LearningData,
  rng: Rng,
  marginsOf: (training: LearningData, rows: Matrix) => Margins,
): MarginLink {
  const outputs = data.classes === 2 ? 1 : data.classes;
  const margins = new Float64Array(data.matrix.rows * outputs);
  const isScored = new Uint8Array(data.matrix.rows);
  const foldOf = stratifiedFolds(data, rng);
  let rows = 0;
  for (let fold = 0; fold < FOLDS && rows < ENOUGH_ROWS; fold++) {
    const training = rowsWhere(foldOf, (of) => of !== fold);
    const held = rowsWhere(foldOf, (of) => of === fold);
    if (held.length === 0 || !hasTwoClasses(data, training)) continue;
    const found = marginsOf(takeRows(data, training), takeMatrixRows(data.matrix, held));
    rows += held.length;
    held.forEach((row, i) => {
      isScored[row] = 1;
      margins.set(found.subarray(i * outputs, (i + 1) * outputs), row * outputs);
    });
  }
  const scored = rowsWhere(isScored, (is) => is === 1);
  if (scored.length === 0) return { slope: 1, offsets: new Float64Array(outputs) };
  return outputs === 1 ? plattLink(data, margins, scored) : softmaxLink(data, margins, scored);
}

/** Coefficients of scores that a link reads, from those of margins. */
export const withMarginLink = (
  { coefficients, intercepts }: LinearSolution,
  { slope, offsets }: MarginLink,
): LinearSolution => ({
  coefficients: coefficients.map((values) => values.map((value) => slope * value)),
  intercepts: intercepts.map((value, k) => slope * value + offsets[k]),
});

function stratifiedFolds({ target, matrix }: LearningData, rng: Rng): Uint8Array {
  const order = shuffle(
    Array.from({ length: matrix.rows }, (_, row) => row),
    rng,
  ).sort((a, b) => target[a] - target[b]);
  const foldOf = new Uint8Array(matrix.rows);
  order.forEach((row, i) => {
    foldOf[row] = i % FOLDS;
  });
  return foldOf;
}

function rowsWhere(values: Uint8Array, holds: (value: number) => boolean): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (holds(values[row])) rows.push(row);
  return Uint32Array.from(rows);
}

function hasTwoClasses({ target, weights }: LearningData, rows: Uint32Array): boolean {
  let first = -1;
  for (const row of rows) {
    if (weights !== null && weights[row] === 0) continue;
    if (first < 0) first = target[row];
    else if (target[row] !== first) return true;
  }
  return false;
}

export function takeRows(data: LearningData, rows: Uint32Array): LearningData {
  const { matrix, target, weights } = data;
  return {
    ...data,
    matrix: takeMatrixRows(matrix, rows),
    target: Float64Array.from(rows, (row) => target[row]),
    weights: weights && Float64Array.from(rows, (row) => weights[row]),
  };
}

function plattLink(
  { target, weights }: LearningData,
  margins: Margins,
  scored: Uint32Array,
): MarginLink {
  const counts = [0, 0];
  for (const row of scored) counts[target[row]] += weights === null ? 1 : weights[row];
  const shares = [1 / (counts[0] + 2), (counts[1] + 1) / (counts[1] + 2)];
  // The solver takes a float32 matrix: margins in units of their own size lose nothing that matters.
  const unit = scored.reduce((most, row) => Math.max(most, Math.abs(margins[row])), 0) || 1;
  const [slope, offset] = fitSingleIndex(
    {
      matrix: {
        rows: scored.length,
        names: ['margin'],
        data: Float32Array.from(scored, (row) => margins[row] / unit),
        categories: [],
      },
      target: Float64Array.from(scored, (row) => shares[target[row]]),
      weights: weights && Float64Array.from(scored, (row) => weights[row]),
      ...{
        curve: logisticCurve,
        alpha: 1e-9,
        intercept: log((counts[1] + 1) / (counts[0] + 1)),
      },
    },
    { maxIter: 100, tol: 1e-6 },
  );
  // A classifier that is worse than chance out of fold has learnt nothing: its shares remain.
  return slope > 0
    ? { slope: slope / unit, offsets: Float64Array.of(offset) }
    : { slope: 0, offsets: Float64Array.of(log((counts[1] + 1) / (counts[0] + 1))) };
}

function softmaxLink(
  { target, weights, classes }: LearningData,
  margins: Margins,
  scored: Uint32Array,
): MarginLink {
  const unit = margins.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const scores = new Float64Array(classes);
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    let value = 0;
    gradient.fill(0);
    for (const row of scored) {
      const w = weights === null ? 1 : weights[row];
      let highest = -Infinity;
      for (let k = 0; k < classes; k++) {
        scores[k] = x[0] * (margins[row * classes + k] / unit) + x[k + 1];
        highest = Math.max(highest, scores[k]);
      }
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += exp(scores[k] - highest);
      value += w * (log(sum) + highest - scores[target[row]]);
      for (let k = 0; k < classes; k++) {
        const share = exp(scores[k] - highest) / sum - (k === target[row] ? 1 : 0);
        gradient[0] += w * share * (margins[row * classes + k] / unit);
        gradient[k + 1] += w * share;
      }
    }
    // Keeps a slope where margins part the classes without error; about Platt's smoothing.
    for (let j = 0; j < x.length; j++) {
      value += 5e-3 * x[j] * x[j];
      gradient[j] += 1e-2 * x[j];
    }
    return value;
  };
  const found = minimiseLbfgs(objective, new Float64Array(classes + 1), {
    maxIter: 200,
    tol: 1e-5,
  });
  return { slope: Math.max(found[0], 0) / unit, offsets: found.slice(1) };
}
