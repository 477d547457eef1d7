import type { RegressionMetrics, Row } from '../contracts/manifest.ts';
import { ok, type Result } from '../core/result.ts';
import { regressionMetrics } from '../learn/metrics/regression.ts';
import { type LoadModelError, loadModel, type OnnxModel } from '../onnx/runtime/load-model.ts';
import type { Tensor } from '../onnx/runtime/tensor.ts';
import { type Column, rowAt, type Table } from '../table/table.ts';

const BLOCK_ROWS = 1024;

/** A model's errors on a table's rows, by the TypeScript runtime: the same bytes, in any place. */
export function evaluateModel(
  bytes: Uint8Array,
  table: Table,
): Result<RegressionMetrics, LoadModelError> {
  const loaded = loadModel(bytes);
  if (!loaded.ok) return loaded;
  return ok(regressionMetrics(table.target, predictTable(loaded.value, table)));
}

/** The declared heuristic's errors on the same rows. */
export function evaluateFallback(fallback: (row: Row) => number, table: Table): RegressionMetrics {
  const predictions = Float64Array.from(table.target, (_, row) => fallback(rowAt(table, row)));
  return regressionMetrics(table.target, predictions);
}

/** Predictions of all rows, in blocks of bounded size, without an object per row. */
export function predictTable(model: OnnxModel, table: Table): Float32Array {
  const predictions = new Float32Array(table.rows);
  for (let from = 0; from < table.rows; from += BLOCK_ROWS) {
    const to = Math.min(table.rows, from + BLOCK_ROWS);
    const feeds = table.columns.map((column) => [column.name, tensorOf(column, from, to)]);
    predictions.set(model.run(Object.fromEntries(feeds)), from);
  }
  return predictions;
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
