import type { Table } from '../../shared/table/table.ts';

/** Rows that a model gave no finite number to: sums of huge numbers overflow float32. */
export type Unanswered = { rows: number; first: number };

/** @param values row-major [rows, outputs] @returns `first` counts from 0; null where all are answered */
export function unansweredIn(values: Float32Array, rows: number): Unanswered | null {
  const outputs = values.length / rows;
  let count = 0;
  let first = -1;
  for (let row = 0; row < rows; row++) {
    if (values.subarray(row * outputs, (row + 1) * outputs).every(Number.isFinite)) continue;
    if (first < 0) first = row;
    count++;
  }
  return count === 0 ? null : { rows: count, first };
}

/** The column of a row's greatest number, which is what most likely overflowed. */
export function greatestIn(table: Table, row: number): string {
  let greatest = { name: '', value: 0 };
  for (const column of table.columns) {
    if (column.type !== 'number') continue;
    const value = column.values[row];
    if (Math.abs(value) > Math.abs(greatest.value)) greatest = { name: column.name, value };
  }
  const { name, value } = greatest;
  return name === '' ? 'no number in it is large' : `column ${name} is ${value.toPrecision(4)}`;
}
