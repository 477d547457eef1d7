import type { Task } from '../contracts/declaration.ts';
import type { ModelMetrics, Row } from '../contracts/manifest.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { answersOf } from '../onnx/runtime/answers.ts';
import { type LoadModelError, loadModel, type OnnxModel } from '../onnx/runtime/load-model.ts';
import { ModelProblem, type Tensor, unsupported } from '../onnx/runtime/tensor.ts';
import { type Column, rowAt, type Table } from '../table/table.ts';
import { modelMetrics, unansweredRows } from './model-metrics.ts';

const BLOCK_ROWS = 1024;

/** Why a model has no figures: it cannot be run here, or leaves rows without an answer. */
export type EvaluationError =
  | LoadModelError
  | { reason: 'unanswered_rows'; detail: string; unanswered: number; rows: number };

/**
 * A model's errors on a table's rows, by the TypeScript runtime: the same bytes, in any place. The model
 * may be anybody's: what it answers is looked at before it is measured.
 */
export function evaluateModel(
  bytes: Uint8Array,
  table: Table,
  task: Task,
): Result<ModelMetrics, EvaluationError> {
  const loaded = loadModel(bytes);
  if (!loaded.ok) return loaded;
  try {
    const { rows, target } = table;
    const answers = answersOf(predictTable(loaded.value, table), rows);
    const unanswered = unansweredRows(task, answers);
    if (unanswered === 0) return ok(modelMetrics(task, target, answers));
    const detail = describeUnanswered(task, { unanswered, rows });
    return fail({ reason: 'unanswered_rows', detail, unanswered, rows });
  } catch (error) {
    if (error instanceof ModelProblem) return fail({ reason: error.reason, detail: error.message });
    throw error;
  }
}

/** @param counts rows without an answer, of all that were asked */
export const describeUnanswered = (
  { type }: Task,
  { unanswered, rows }: { unanswered: number; rows: number },
): string =>
  `it answers no ${type === 'binary' ? 'probability' : 'number'} to ${unanswered} of ${rows} rows`;

/** The declared heuristic's errors on the same rows. */
export function evaluateFallback(
  fallback: (row: Row) => number,
  table: Table,
  task: Task,
): ModelMetrics {
  const answers = Float64Array.from(table.target, (_, row) => fallback(rowAt(table, row)));
  return modelMetrics(task, table.target, answers);
}

/** The first row that a declared heuristic, which must answer all, does not answer, and how; null: it answers each. */
export function fallbackProblem(
  fallback: (row: Row) => number,
  table: Table,
  task: Task,
): string | null {
  for (let index = 0; index < table.rows; index++) {
    const row = rowAt(table, index);
    const how = problemOf(() => fallback(row), task);
    if (how !== null) return `The fallback ${how} to ${JSON.stringify(row).slice(0, 300)}.`;
  }
  return null;
}

function problemOf(answer: () => number, task: Task): string | null {
  try {
    const value = answer();
    const isAnswer = typeof value === 'number' && unansweredRows(task, [value]) === 0;
    if (isAnswer) return null;
    const wanted = task.type === 'binary' ? 'a probability' : 'a number';
    return `answers ${String(value)}, which is not ${wanted},`;
  } catch (error) {
    return `throws "${error instanceof Error ? error.message : String(error)}" in answer`;
  }
}

/** The model's output for all rows, in blocks of bounded size, without an object per row. */
export function predictTable(model: OnnxModel, table: Table): Float32Array {
  let output: Float32Array | null = null;
  for (let from = 0; from < table.rows; from += BLOCK_ROWS) {
    const to = Math.min(table.rows, from + BLOCK_ROWS);
    const feeds = table.columns.map((column) => [column.name, tensorOf(column, from, to)]);
    const block = model.run(Object.fromEntries(feeds));
    const perRow = block.length / (to - from);
    if (perRow !== 1 && perRow !== 2)
      throw unsupported(`${block.length} numbers for ${to - from} rows, 1 or 2 a row are expected`);
    output ??= new Float32Array(table.rows * perRow);
    output.set(block, from * perRow);
  }
  return output ?? new Float32Array(0);
}

function tensorOf(column: Column, from: number, to: number): Tensor {
  const dims = [to - from, 1];
  if (column.type === 'number')
    return { type: 'float', dims, data: column.values.subarray(from, to) };
  const data = Array.from(column.codes.subarray(from, to), (code) =>
    code < 0 ? '' : column.dictionary[code],
  );
  return { type: 'string', dims, data };
}
