import { runLoop } from '../boosting/run-loop.ts';
import { type ClassState, impurityScore, scanEntropy, scanGini, tableOf } from './class-scan.ts';
import { bit, type LaidCut, type NodeTotals, type TreeGoal } from './tree-goal.ts';

export type ClassCriterion = 'gini' | 'entropy';

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
  { keys, count, threshold }: LaidCut,
): number {
  const { left, right, totals } = state;
  left.fill(0);
  let toLeft = 0;
  for (let i = 0; i < count; i++) {
    const w = bit(keys[i] <= threshold) * laid[2 * i];
    left[laid[2 * i + 1]] += w;
    toLeft += w;
  }
  for (let k = 0; k < totals.length; k++) right[k] = totals[k] - left[k];
  const rest = state.weight - toLeft;
  return impurityScore(state, left, toLeft) + impurityScore(state, right, rest);
}
