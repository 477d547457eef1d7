import type { Task } from '../contracts/declaration.ts';
import type { ModelMetrics, Row } from '../contracts/manifest.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { answersOf } from '../onnx/runtime/answers.ts';
import { type LoadModelError, loadModel, type OnnxModel } from '../onnx/runtime/load-model.ts';
import { ModelProblem, type Tensor } from '../onnx/runtime/tensor.ts';
import { type Column, rowAt, type Table } from '../table/table.ts';
import { modelMetrics } from './model-metrics.ts';

const BLOCK_ROWS = 1024;

/** A model's errors on a table's rows, by the TypeScript runtime: the same bytes, in any place. */
export function evaluateModel(
  bytes: Uint8Array,
  table: Table,
  task: Task,
): Result<ModelMetrics, LoadModelError> {
  const loaded = loadModel(bytes);
  if (!loaded.ok) return loaded;
  try {
    const answers = answersOf(predictTable(loaded.value, table), table.rows);
    return ok(modelMetrics(task, table.target, answers));
  } catch (error) {
    if (error instanceof ModelProblem) return fail({ reason: error.reason, detail: error.message });
    throw error;
  }
}

/** The declared heuristic's errors on the same rows. */
export function evaluateFallback(
  fallback: (row: Row) => number,
  table: Table,
  task: Task,
): ModelMetrics {
  const answers = Float64Array.from(table.target, (_, row) => fallback(rowAt(table, row)));
  return modelMetrics(task, table.target, answers);
}

/** The model's output for all rows, in blocks of bounded size, without an object per row. */
export function predictTable(model: OnnxModel, table: Table): Float32Array {
  let output: Float32Array | null = null;
  for (let from = 0; from < table.rows; from += BLOCK_ROWS) {
    const to = Math.min(table.rows, from + BLOCK_ROWS);
    const feeds = table.columns.map((column) => [column.name, tensorOf(column, from, to)]);
    const block = model.run(Object.fromEntries(feeds));
    const perRow = block.length / (to - from);
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
