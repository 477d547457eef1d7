import { log } from '../../core/portable-math.ts';
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

export type ClassCriterion = 'gini' | 'entropy';

type ClassState = {
  codes: Int32Array;
  weights: Float64Array;
  /** Of the entered node, and of the two sides of the split in hand: weight by class. */
  totals: Float64Array;
  left: Float64Array;
  right: Float64Array;
  weight: number;
  /** Of k log k for an entropy; null: Gini. */
  table: Float64Array | null;
};

/**
 * Least Gini impurity or entropy: a node answers with the share of each class, or of class 1 alone
 * where there are two. Scores are the weight of each side times the sum of its squared shares
 * (gini) or the sum of w log share (entropy, nats).
 */
export function createClassGoal(
  target: Float64Array,
  { classes, criterion }: { classes: number; criterion: ClassCriterion },
): TreeGoal {
  const laid = new Float64Array(2 * target.length);
  const state: ClassState = {
    codes: Int32Array.from(target),
    weights: new Float64Array(target.length),
    totals: new Float64Array(classes),
    left: new Float64Array(classes),
    right: new Float64Array(classes),
    weight: 0,
    table: criterion === 'entropy' ? tableOf(target.length) : null,
  };
  return {
    outputs: classes === 2 ? 1 : classes,
    // Entropy in bits.
    impurityPerScore: criterion === 'entropy' ? Math.LOG2E : 1,
    weigh(weights) {
      state.weights = weights;
    },
    enter: (rows, from, to) => enterNode(state, rows.subarray(from, to)),
    answer(into, at) {
      const { totals, weight } = state;
      if (classes === 2) into[at] = totals[1] / weight;
      else for (let k = 0; k < classes; k++) into[at + k] = totals[k] / weight;
    },
    bounds: () => ({
      whole: impurityScore(state, state.totals, state.weight),
      pure: state.table !== null ? 0 : state.weight,
    }),
    scan(scan, best) {
      const loop = state.table === null ? scanGini : scanEntropy;
      runLoop(loop, { state, scan, missingLeft: false }, best);
      if (scan.known < scan.to) runLoop(loop, { state, scan, missingLeft: true }, best);
    },
    lay: (rows, from, to) => runLoop(layRows, { state, rows: rows.subarray(from, to) }, laid),
    scoreCut: (cut) => runLoop(scoreCut, { state, laid }, cut),
  };
}

function enterNode(state: ClassState, rows: Int32Array): NodeTotals {
  const { codes, weights, totals } = state;
  totals.fill(0);
  const first = codes[rows[0]];
  let isPure = true;
  let weight = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    totals[codes[row]] += weights[row];
    weight += weights[row];
    if (codes[row] !== first) isPure = false;
  }
  if (isPure) totals[first] = weight;
  state.weight = weight;
  return { weight, isPure };
}

/** k log k of whole numbers up to that: without weights little else is asked for. */
const tableOf = (most: number): Float64Array =>
  Float64Array.from({ length: Math.min(most, MOST_WHOLE) + 1 }, (_, k) => (k > 0 ? k * log(k) : 0));

const MOST_WHOLE = 65_536;

function timesLog(table: Float64Array, x: number): number {
  const whole = x | 0;
  if (whole === x && whole >= 0 && whole < table.length) return table[whole];
  return x > 0 ? x * log(x) : 0;
}

function impurityScore({ table }: ClassState, counts: Float64Array, weight: number): number {
  let sum = 0;
  if (table === null) {
    for (let k = 0; k < counts.length; k++) sum += counts[k] * counts[k];
    return weight > 0 ? sum / weight : 0;
  }
  for (let k = 0; k < counts.length; k++) sum += timesLog(table, counts[k]);
  return sum - timesLog(table, weight);
}

type Scanned = { state: ClassState; scan: ColumnScan; missingLeft: boolean };

/** Positions after which a split leaves enough rows on both sides: first .. last - 1. */
function rangeOf({ scan, missingLeft }: Scanned): { first: number; last: number } {
  const { from, known, to, minSamplesLeaf } = scan;
  const left = missingLeft ? to - known : 0;
  const right = to - known - left;
  return {
    first: from + minSamplesLeaf - left - 1,
    last: Math.min(known - (right > 0 ? 0 : 1), known + right - minSamplesLeaf),
  };
}

/** Puts the missing rows where they are to go and all others right. @returns weight on the left */
function startSides({ state, scan, missingLeft }: Scanned): number {
  const { left, right, totals, codes, weights } = state;
  left.fill(0);
  right.set(totals);
  if (!missingLeft) return 0;
  let weight = 0;
  for (let at = scan.known; at < scan.to; at++) {
    const row = scan.order[at];
    left[codes[row]] += weights[row];
    right[codes[row]] -= weights[row];
    weight += weights[row];
  }
  return weight;
}

function scanGini(on: Scanned, best: BestSplit): void {
  const { codes, weights, left, right, weight } = on.state;
  const { order, from } = on.scan;
  const { first, last } = rangeOf(on);
  let toLeft = startSides(on);
  let leftSquares = impurityScore(on.state, left, toLeft) * toLeft;
  let rightSquares = impurityScore(on.state, right, weight - toLeft) * (weight - toLeft);
  let bestScore = best.score;
  for (let at = from; at < last; at++) {
    const row = order[at];
    const k = codes[row];
    const w = weights[row];
    leftSquares += w * (2 * left[k] + w);
    rightSquares -= w * (2 * right[k] - w);
    left[k] += w;
    right[k] -= w;
    toLeft += w;
    const rest = weight - toLeft;
    if (leftSquares * rest + rightSquares * toLeft <= bestScore * toLeft * rest) continue;
    if (at < first || !isCut(on.scan, at)) continue;
    const score = leftSquares / toLeft + rightSquares / rest;
    if (score <= bestScore) continue;
    bestScore = score;
    keepSplit(on.scan, { at, score, missingLeft: on.missingLeft }, best);
  }
}

function scanEntropy(on: Scanned, best: BestSplit): void {
  const { codes, weights, left, right, weight } = on.state;
  const table = on.state.table!;
  const { order, from } = on.scan;
  const { first, last } = rangeOf(on);
  let toLeft = startSides(on);
  let sum = impurityScore(on.state, left, 1) + impurityScore(on.state, right, 1);
  for (let at = from; at < last; at++) {
    const row = order[at];
    const k = codes[row];
    sum -= timesLog(table, left[k]) + timesLog(table, right[k]);
    left[k] += weights[row];
    right[k] -= weights[row];
    sum += timesLog(table, left[k]) + timesLog(table, right[k]);
    toLeft += weights[row];
    if (at < first || !isCut(on.scan, at)) continue;
    const score = sum - timesLog(table, toLeft) - timesLog(table, weight - toLeft);
    if (score > best.score) keepSplit(on.scan, { at, score, missingLeft: on.missingLeft }, best);
  }
}

/** Row by row: weight and class. */
function layRows(
  { state, rows }: { state: ClassState; rows: Int32Array },
  laid: Float64Array,
): void {
  const { codes, weights } = state;
  for (let i = 0; i < rows.length; i++) {
    laid[2 * i] = weights[rows[i]];
    laid[2 * i + 1] = codes[rows[i]];
  }
}

function scoreCut(
  { state, laid }: { state: ClassState; laid: Float64Array },
  { values, count, threshold }: LaidCut,
): number {
  const { left, right, totals } = state;
  left.fill(0);
  let toLeft = 0;
  for (let i = 0; i < count; i++) {
    const w = bit(values[i] <= threshold) * laid[2 * i];
    left[laid[2 * i + 1]] += w;
    toLeft += w;
  }
  for (let k = 0; k < totals.length; k++) right[k] = totals[k] - left[k];
  const rest = state.weight - toLeft;
  return impurityScore(state, left, toLeft) + impurityScore(state, right, rest);
}
