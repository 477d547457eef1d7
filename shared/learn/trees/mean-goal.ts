import { runLoop } from '../boosting/run-loop.ts';
import {
  type BestSplit,
  bit,
  type ColumnScan,
  isCut,
  keepSplit,
  type LaidCut,
  type NodeTotals,
  type TreeGoal,
} from './tree-goal.ts';

type MeanState = {
  /** By row: weight, then weight x (target - centre). */
  pairs: Float64Array;
  target: Float64Array;
  /** Targets are counted from here: sums of small numbers lose less. */
  centre: number;
  /** Of the entered node. */
  weight: number;
  sum: number;
  squares: number;
  /** Exact where all targets are one. */
  mean: number;
};

/**
 * Least squared error: a node answers with the weighted mean of its targets. With targets 0 and 1
 * this is Gini impurity, which is twice the variance.
 */
export function createMeanGoal(target: Float64Array, impurityPerScore = 1): TreeGoal {
  const pairs = new Float64Array(2 * target.length);
  const laid = new Float64Array(2 * target.length);
  const state: MeanState = { pairs, target, centre: 0, weight: 0, sum: 0, squares: 0, mean: 0 };
  return {
    outputs: 1,
    impurityPerScore,
    weigh: (weights) => weighRows(state, weights),
    enter: (rows, from, to) => enterNode(state, rows.subarray(from, to)),
    answer(into, at) {
      into[at] = state.mean;
    },
    bounds: () => ({ whole: (state.sum * state.sum) / state.weight, pure: state.squares }),
    scan(scan, best) {
      runLoop(scanMissingRight, { state, scan }, best);
      if (scan.known < scan.to) scanMissingLeft(state, scan, best);
    },
    lay: (rows, from, to) => runLoop(layRows, { state, rows: rows.subarray(from, to) }, laid),
    scoreCut: (cut) => runLoop(scoreCut, { state, laid }, cut),
  };
}

function weighRows(state: MeanState, weights: Float64Array): void {
  const { pairs, target } = state;
  let total = 0;
  let sum = 0;
  for (let row = 0; row < target.length; row++) {
    total += weights[row];
    sum += weights[row] * target[row];
  }
  state.centre = sum / total;
  for (let row = 0; row < target.length; row++) {
    pairs[2 * row] = weights[row];
    pairs[2 * row + 1] = weights[row] * (target[row] - state.centre);
  }
}

function enterNode(state: MeanState, rows: Int32Array): NodeTotals {
  const { pairs, target, centre } = state;
  const first = target[rows[0]];
  let isPure = true;
  let weight = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const y = target[row];
    weight += pairs[2 * row];
    sum += pairs[2 * row + 1];
    squares += pairs[2 * row + 1] * (y - centre);
    if (y !== first) isPure = false;
  }
  state.weight = weight;
  state.sum = sum;
  state.mean = isPure ? first : centre + sum / weight;
  state.squares = squares;
  return { weight, isPure };
}

type Scanned = { state: MeanState; scan: ColumnScan };

/** Multiplied out before it is divided: the comparison that nearly always fails costs no division. */
const SURELY_LESS = 1 - 1e-12;

function scanMissingRight({ state, scan }: Scanned, best: BestSplit): void {
  const { pairs, weight, sum } = state;
  const { order, from, known, to, minSamplesLeaf } = scan;
  const last = Math.min(known - (known < to ? 0 : 1), to - minSamplesLeaf);
  let w = 0;
  let s = 0;
  let bestScore = best.score;
  for (let at = from; at < last; at++) {
    const row = order[at];
    w += pairs[2 * row];
    s += pairs[2 * row + 1];
    const other = sum - s;
    const rest = weight - w;
    const scaled = s * s * rest + other * other * w;
    if (scaled <= bestScore * w * rest * SURELY_LESS) continue;
    if (at + 1 - from < minSamplesLeaf || !isCut(scan, at)) continue;
    const score = (s * s) / w + (other * other) / rest;
    if (score <= bestScore) continue;
    bestScore = score;
    keepSplit(scan, { at, score, missingLeft: false }, best);
  }
}

function scanMissingLeft(state: MeanState, scan: ColumnScan, best: BestSplit): void {
  const { pairs, weight, sum } = state;
  const { order, from, known, to, minSamplesLeaf } = scan;
  let w = 0;
  let s = 0;
  for (let at = known; at < to; at++) {
    w += pairs[2 * order[at]];
    s += pairs[2 * order[at] + 1];
  }
  for (let at = from; at < Math.min(known - 1, known - minSamplesLeaf); at++) {
    w += pairs[2 * order[at]];
    s += pairs[2 * order[at] + 1];
    if (at + 1 - from + to - known < minSamplesLeaf || !isCut(scan, at)) continue;
    const score = (s * s) / w + ((sum - s) * (sum - s)) / (weight - w);
    if (score > best.score) keepSplit(scan, { at, score, missingLeft: true }, best);
  }
}

function layRows(
  { state, rows }: { state: MeanState; rows: Int32Array },
  laid: Float64Array,
): void {
  const { pairs } = state;
  for (let i = 0; i < rows.length; i++) {
    laid[2 * i] = pairs[2 * rows[i]];
    laid[2 * i + 1] = pairs[2 * rows[i] + 1];
  }
}

function scoreCut(
  { state, laid }: { state: MeanState; laid: Float64Array },
  { keys, count, threshold }: LaidCut,
): number {
  const { weight, sum } = state;
  let w = 0;
  let s = 0;
  for (let i = 0; i < count; i++) {
    const isLeft = bit(keys[i] <= threshold);
    w += isLeft * laid[2 * i];
    s += isLeft * laid[2 * i + 1];
  }
  return (s * s) / w + ((sum - s) * (sum - s)) / (weight - w);
}
