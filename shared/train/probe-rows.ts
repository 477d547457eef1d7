import type { Input } from '../contracts/declaration.ts';
import type { ProbeRows, Row } from '../contracts/manifest.ts';
import type { OnnxModel } from '../onnx/runtime/load-model.ts';
import { rowAt, type Table } from '../table/table.ts';
import { shortestDecimal } from './baseline.ts';

const TABLE_ROWS = 14;
/** Absolute, target units: far above float32 rounding, far below what a wrong graph answers. */
const TOLERANCE = 1e-3;

/**
 * Rows with the model's own answers: rows of the table, evenly spread, and rows that exercise what a
 * table may lack (everything missing that may be, unknown categories, values beyond both ends).
 */
export function probeRowsOf(inputs: readonly Input[], table: Table, model: OnnxModel): ProbeRows {
  const spread = Math.min(TABLE_ROWS, table.rows);
  const rows = Array.from({ length: spread }, (_, i) =>
    readableRow(rowAt(table, Math.floor((i * table.rows) / spread))),
  );
  const probes = [...rows, ...unusualRows(inputs, rows[0])];
  const values = model.predict(probes);
  return {
    schemaVersion: 1,
    tolerance: TOLERANCE,
    rows: probes.map((row, i) => ({ row, value: values[i] })),
  };
}

const readableRow = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? shortestDecimal(value) : value,
    ]),
  );

function unusualRows(inputs: readonly Input[], usual: Row): Row[] {
  const change = (changed: (input: Input) => Row[string]): Row =>
    Object.fromEntries(inputs.map((input) => [input.name, changed(input)]));
  const numbers = (pick: (range: readonly [number, number]) => number) =>
    change((input) => (input.type === 'number' ? pick(input.range) : usual[input.name]));
  return [
    change(({ name, missing }) => (missing === 'impute' ? null : usual[name])),
    change(({ name, type }) => (type === 'category' ? 'never seen before' : usual[name])),
    change(({ name, type, missing }) =>
      type === 'number' && missing === 'impute' ? null : usual[name],
    ),
    numbers(([lowest, highest]) => lowest - (highest - lowest)),
    numbers(([lowest, highest]) => highest + (highest - lowest)),
    numbers(([lowest, highest]) => (lowest + highest) / 2),
  ];
}
