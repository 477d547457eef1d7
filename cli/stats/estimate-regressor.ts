import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import {
  type EstimatedLoss,
  estimateLoss,
  fitLossModel,
} from '../../shared/learn/estimate/loss-model.ts';
import type { EstimateFindings } from '../../shared/report/kinds/estimate-report.ts';
import { takeRows } from '../../shared/table/table.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { findColumn, numbersIn, readColumns } from './read-columns.ts';
import { tablesOf } from './table-of-columns.ts';

/** Folds are dealt from this: the same files give the same answer. */
const SEED = 42;

export type RegressorEstimate = {
  json: {
    /** Mean absolute error on the reference, and the share of the error's variance that its inputs explain. */
    reference: { mae: number; explained: number };
    chunks: ({ chunk: number } & EstimatedLoss)[];
  };
  findings: EstimateFindings;
};

/** By direct loss estimation: what the model's error is like at these inputs. */
export async function estimateRegressor(
  context: CliContext,
  flags: { reference: string; analysis: string; prediction: string; label: string; chunk: number },
): Promise<Result<RegressorEstimate, CliFailure>> {
  const read = await readBoth(context, flags);
  if (!read.ok) return read;
  const { tables, predictions } = read.value;
  if (tables.current.rows === 0) return failed('rows', `${flags.analysis} has no rows.`);
  const rng = createRng(SEED);
  const reference = { table: tables.reference, predictions: predictions.reference };
  const model = fitLossModel(reference, rng);
  if (!model)
    return failed(
      'rows',
      `${flags.reference} has ${tables.reference.rows} rows: 100 are needed to learn from.`,
    );
  const chunks: RegressorEstimate['json']['chunks'] = [];
  for (let from = 0; from < tables.current.rows; from += flags.chunk) {
    const to = Math.min(tables.current.rows, from + flags.chunk);
    const rows = Uint32Array.from({ length: to - from }, (_, i) => from + i);
    const table = takeRows(tables.current, rows);
    const estimate = estimateLoss(model, {
      table,
      predictions: predictions.current.slice(from, to),
    });
    if (estimate) chunks.push({ chunk: chunks.length, ...estimate });
  }
  const { mae, explained } = model;
  return ok({ json: { reference: { mae, explained }, chunks }, findings: findingsOf(mae, chunks) });
}

const findingsOf = (
  mae: number,
  chunks: RegressorEstimate['json']['chunks'],
): EstimateFindings => ({
  kind: 'regressor',
  realised: [{ name: 'mae', value: mae }],
  calibrated: false,
  chunks: chunks.map(({ chunk, n, mae: value, standardError, doubts }) => ({
    ...{ chunk, n },
    metrics: [{ name: 'mae', value, standardError }],
    doubts,
  })),
});

type Both<T> = { reference: T; current: T };

async function readBoth(
  context: CliContext,
  flags: { reference: string; analysis: string; prediction: string; label: string },
): Promise<
  Result<{ tables: ReturnType<typeof tablesOf>; predictions: Both<Float64Array> }, CliFailure>
> {
  const reference = await readColumns(context, flags.reference);
  if (!reference.ok) return reference;
  const current = await readColumns(context, flags.analysis);
  if (!current.ok) return current;
  const numbers = (of: typeof reference, column: string, path: string) => {
    const cells = findColumn(of.value, column, path);
    return cells.ok ? numbersIn(cells.value, { column, path }) : cells;
  };
  const label = numbers(reference, flags.label, flags.reference);
  if (!label.ok) return label;
  const before = numbers(reference, flags.prediction, flags.reference);
  if (!before.ok) return before;
  const now = numbers(current, flags.prediction, flags.analysis);
  if (!now.ok) return now;
  const tables = tablesOf(
    { reference: reference.value, current: current.value },
    { except: [flags.label, flags.prediction], target: label.value },
  );
  const predictions = {
    reference: Float64Array.from(before.value),
    current: Float64Array.from(now.value),
  };
  return ok({ tables, predictions });
}
