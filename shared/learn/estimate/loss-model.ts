import { assert } from '../../core/assert.ts';
import type { Rng } from '../../core/rng.ts';
import type { Column, Table } from '../../table/table.ts';
import { toTreeEnsemble } from '../boosting/binned-tree.ts';
import { binTable } from '../boosting/binning.ts';
import { predictTrees, type TreeEnsemble } from '../boosting/tree-ensemble.ts';
import { dealFolds, fitScores, scoresOutOfFold } from './fold-scores.ts';

/** What a model's absolute error is like, given its inputs and its answer. */
export type LossModel = {
  ensemble: TreeEnsemble;
  /** Mean absolute error on the reference and its standard deviation over rows. */
  mae: number;
  deviation: number;
  /** Share of the absolute error's variance that is explained out of fold; at most 0: nothing was learned. */
  explained: number;
  /** Range of each number input on the reference, by name. */
  ranges: Record<string, [number, number]>;
};

export type EstimatedLoss = {
  n: number;
  mae: number;
  /** Standard error that comes from the chunk's size alone. */
  standardError: number;
  /** Why not to believe it; empty when nothing speaks against it. */
  doubts: ('nothing_learned' | 'beyond_reference')[];
  /** Share of rows with a number outside the reference's range: trees say there what they say at its edge. */
  beyondReference: number;
};

export type AnsweredRows = {
  /** The inputs; its target is what happened (the reference) or is not looked at (a chunk). */
  table: Table;
  /** What the model answered, by row. */
  predictions: Float64Array;
};

const FOLDS = 5;
const MIN_ROWS = 100;
/** Share of rows beyond the reference at which the estimate is of other rows than these. */
const MAX_BEYOND = 0.1;
/** Name of the model's answer among the inputs: no declared input can have it. */
const ANSWER = '\u0000answer';

/**
 * Fits direct loss estimation for a regressor: boosting of |outcome - prediction| on the inputs and the prediction.
 * @param reference rows the model was NOT trained on, or out-of-fold predictions: else its error looks too small
 * @returns null with fewer than 100 rows
 * Cost: six fits of 60 trees. Reference implementation: NannyML 0.13.1, DLE (LightGBM on the whole reference).
 */
export function fitLossModel(reference: AnsweredRows, rng: Rng): LossModel | null {
  const { rows, target } = reference.table;
  if (rows < MIN_ROWS) return null;
  const loss = reference.predictions.map((predicted, row) => Math.abs(target[row] - predicted));
  const table = withAnswer(reference);
  const { matrix, encoding } = binTable(table);
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const folds = dealFolds(Array.from(all), FOLDS, rng).map((held) => Uint32Array.from(held));
  const unseen = scoresOutOfFold(matrix, loss, folds);
  const { base, forest } = fitScores({
    matrix,
    target: loss,
    train: all,
    validation: new Uint32Array(),
  });
  const mae = loss.reduce((sum, value) => sum + value, 0) / rows;
  const total = loss.reduce((sum, value) => sum + (value - mae) ** 2, 0);
  const left = loss.reduce((sum, value, row) => sum + (value - unseen[row]) ** 2, 0);
  return {
    ensemble: toTreeEnsemble(forest, { matrix, encoding, base }),
    mae,
    deviation: Math.sqrt(total / (rows - 1)),
    explained: total > 0 ? 1 - left / total : 0,
    ranges: rangesOf(table),
  };
}

/**
 * Mean absolute error of rows whose outcomes are not known: the mean of the errors expected at their inputs.
 *
 * Right when the relation of inputs to outcomes is as it was on the reference: concept drift is not seen, and no
 * number here can tell of it; only outcomes can. `doubts` names what can be told: `nothing_learned` (the loss does
 * not follow the inputs, so the estimate stays near the reference's whatever comes), `beyond_reference` (10 % of rows
 * or more lie outside what the reference covers).
 * Standard error: the reference's standard deviation of the absolute error / sqrt(n), as NannyML's sampling error.
 * @returns null for an empty chunk
 */
export function estimateLoss(model: LossModel, chunk: AnsweredRows): EstimatedLoss | null {
  const n = chunk.table.rows;
  if (n === 0) return null;
  const table = withAnswer(chunk);
  const expected = predictTrees(model.ensemble, table, null);
  let sum = 0;
  for (const loss of expected) sum += Math.max(0, loss);
  const beyondReference = countBeyond(table, model.ranges) / n;
  const doubts: EstimatedLoss['doubts'] = [];
  if (model.explained <= 0) doubts.push('nothing_learned');
  if (beyondReference >= MAX_BEYOND) doubts.push('beyond_reference');
  const standardError = model.deviation / Math.sqrt(n);
  return { n, mae: sum / n, standardError, doubts, beyondReference };
}

function withAnswer({ table, predictions }: AnsweredRows): Table {
  assert(predictions.length === table.rows, 'one prediction per row');
  const answer: Column = { type: 'number', name: ANSWER, values: Float32Array.from(predictions) };
  return { ...table, columns: [...table.columns, answer] };
}

function rangesOf(table: Table): LossModel['ranges'] {
  const ranges: LossModel['ranges'] = {};
  for (const column of table.columns) {
    if (column.type !== 'number') continue;
    const range: [number, number] = [Infinity, -Infinity];
    for (const value of column.values) {
      if (value < range[0]) range[0] = value;
      if (value > range[1]) range[1] = value;
    }
    ranges[column.name] = range;
  }
  return ranges;
}

function countBeyond(table: Table, ranges: LossModel['ranges']): number {
  let count = 0;
  for (let row = 0; row < table.rows; row++) {
    const isBeyond = table.columns.some((column) => {
      if (column.type !== 'number') return false;
      const [low, high] = ranges[column.name] ?? [-Infinity, Infinity];
      return column.values[row] < low || column.values[row] > high;
    });
    if (isBeyond) count++;
  }
  return count;
}
