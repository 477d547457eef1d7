import { type Encoding, encodedWidth, encodeRows } from '../../prepare/encoding.ts';
import type { Table } from '../../table/table.ts';

/** intercept + coefficients . encoded row, in target units. */
export type LinearModel = {
  type: 'ridge';
  encoding: Encoding;
  intercept: number;
  /** Float32, one per encoded column. */
  coefficients: Float32Array;
};

const BLOCK_ROWS = 256;

/** Predictions of the rows in `order` (null: all), summed in float32 as a graph runtime does. */
export function predictLinear(
  model: LinearModel,
  table: Table,
  order: Uint32Array | null,
): Float32Array {
  const n = order === null ? table.rows : order.length;
  const width = encodedWidth(model.encoding);
  const block = new Float32Array(BLOCK_ROWS * width);
  const predictions = new Float32Array(n);
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    const to = Math.min(n, from + BLOCK_ROWS);
    encodeRows(model.encoding, table, { order, from, to, into: block });
    for (let i = from; i < to; i++) predictions[i] = dotFloat32(block, (i - from) * width, model);
  }
  return predictions;
}

function dotFloat32(block: Float32Array, start: number, model: LinearModel): number {
  const { coefficients, intercept } = model;
  let sum = 0;
  for (let j = 0; j < coefficients.length; j++)
    sum = Math.fround(sum + Math.fround(block[start + j] * coefficients[j]));
  return Math.fround(sum + Math.fround(intercept));
}
