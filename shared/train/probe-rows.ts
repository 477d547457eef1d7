import type { Input } from '../contracts/declaration.ts';
import type { ProbeRows, Row } from '../contracts/manifest.ts';
import { rowAt, type Table } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { shortestDecimal } from './baseline.ts';

const TABLE_ROWS = 14;
/** Absolute, target units: far above float32 rounding, far below what a wrong graph answers. */
const TOLERANCE = 1e-3;

/**
 * Rows that a version is checked by: rows of the table, evenly spread, and rows that exercise what a
 * table may lack (everything missing that may be, unknown categories, values beyond both ends).
 */
export function probeRowsOf(inputs: readonly Input[], table: Table): Row[] {
  const spread = Math.min(TABLE_ROWS, table.rows);
  const rows = Array.from({ length: spread }, (_, i) =>
    readableRow(rowAt(table, Math.floor((i * table.rows) / spread))),
  );
  return [...rows, ...unusualRows(inputs, rows[0])];
}

/** The rows with the model's own answers. */
export const answeredProbe = (rows: readonly Row[], answers: ArrayLike<number>): ProbeRows => ({
  schemaVersion: 1,
  tolerance: TOLERANCE,
  rows: rows.map((row, i) => ({ row, value: answers[i] })),
});

/** Rows as a table without outcomes, for what answers tables. */
export function tableOfRows(inputs: readonly Input[], rows: readonly Row[]): Table {
  const builder = createTableBuilder(inputs, { capacity: rows.length });
  for (const row of rows) {
    builder.begin();
    inputs.forEach(({ name }, column) => {
      const value = row[name];
      if (typeof value === 'number') builder.setNumber(column, value);
      else if (typeof value === 'string') builder.setCategory(column, value);
    });
    builder.commit(Number.NaN, 0);
  }
  return builder.build();
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
