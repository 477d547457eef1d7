import type { Table } from '../table/table.ts';
import { type Encoding, encodedWidth, encodeRows } from './encoding.ts';

/** What estimators learn from: numbers only, in float32 as the exported graph computes them. */
export type Matrix = {
  rows: number;
  /** One per column; a one-hot column is `input=level`. */
  names: string[];
  /** Row-major [rows, names.length]; missing is NaN. */
  data: Float32Array;
  /** One-hot blocks: columns start .. start + levels - 1 hold at most one 1 in each row. */
  categories: CategoryBlock[];
};

export type CategoryBlock = { start: number; levels: number };

/** The encoded table as a matrix. Cost: rows x columns. */
export function encodeTable(encoding: Encoding, table: Table): Matrix {
  const width = encodedWidth(encoding);
  const data = new Float32Array(table.rows * width);
  encodeRows(encoding, table, { order: null, from: 0, to: table.rows, into: data });
  return { rows: table.rows, names: columnNames(encoding), data, categories: blocksOf(encoding) };
}

/** Names of the encoded columns, in order. */
export function columnNames(encoding: Encoding): string[] {
  return [
    ...encoding.numbers,
    ...encoding.categories.flatMap(({ name, levels, lookup }) =>
      lookup === undefined
        ? levels.map((level) => `${name}=${level}`)
        : Array.from({ length: lookup.columns }, (_, i) => (i === 0 ? name : `${name}#${i}`)),
    ),
  ];
}

function blocksOf({ numbers, categories }: Encoding): CategoryBlock[] {
  const blocks: CategoryBlock[] = [];
  let start = numbers.length;
  for (const { levels, lookup } of categories) {
    if (lookup === undefined) blocks.push({ start, levels: levels.length });
    start += lookup?.columns ?? levels.length;
  }
  return blocks;
}

/** A matrix of the rows named by `indices`, in that order. */
export function takeMatrixRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const width = matrix.names.length;
  const data = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i] * width;
    data.set(matrix.data.subarray(from, from + width), i * width);
  }
  return { ...matrix, rows: indices.length, data };
}
