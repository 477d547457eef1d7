import { log } from '../../core/portable-math.ts';
import { type BestSplit, type ColumnScan, isCut, keepSplit } from './tree-goal.ts';

export type ClassState = {
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

/** k log k of whole numbers up to that: without weights little else is asked for. */
export const tableOf = (most: number): Float64Array =>
  Float64Array.from({ length: Math.min(most, MOST_WHOLE) + 1 }, (_, k) => (k > 0 ? k * log(k) : 0));

const MOST_WHOLE = 65_536;

function timesLog(table: Float64Array, x: number): number {
  const whole = x | 0;
  if (whole === x && whole >= 0 && whole < table.length) return table[whole];
  return x > 0 ? x * log(x) : 0;
}

export function impurityScore({ table }: ClassState, counts: Float64Array, weight: number): number {
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

export function scanGini(on: Scanned, best: BestSplit): void {
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

export function scanEntropy(on: Scanned, best: BestSplit): void {
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
