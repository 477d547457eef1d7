import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import { addGram, BLOCK_ROWS, createColumnBlock, dotColumn, fillColumns } from './column-block.ts';

/** Rows of a matrix with a 1 behind, then, with a penalty, one unit row per column. */
export type RowDesign = {
  /** A x. */
  times(x: Float64Array): Float64Array;
  /** A^T v. */
  transposed(v: Float64Array): Float64Array;
  /** A^T diag(q) A, row-major, lower triangle; q not negative. */
  gram(q: Float64Array): Float64Array;
};

/** @param kept row numbers of the matrix */
export function createRowDesign(
  given: Matrix,
  kept: Uint32Array,
  { hasPenalty }: { hasPenalty: boolean },
): RowDesign {
  const matrix = kept.length === given.rows ? given : takeMatrixRows(given, kept);
  const width = matrix.names.length;
  const block = createColumnBlock(width + 1);
  const blocks: Blocks = {
    rows: matrix.rows,
    all: matrix.rows + (hasPenalty ? width : 0),
    total: width + 1,
    each(work) {
      for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, matrix.rows - from);
        fillColumns(block, matrix, { from, rows });
        block.fill(1, width * BLOCK_ROWS);
        work({ block, from, rows });
      }
    },
  };
  return {
    times: (x) => times(blocks, x),
    transposed: (v) => transposed(blocks, v),
    gram: (q) => weightedGram(blocks, q),
  };
}

type Block = { block: Float64Array; from: number; rows: number };

type Blocks = {
  /** Rows of the matrix, and with the unit rows behind them. */
  rows: number;
  all: number;
  /** Columns, with that of ones. */
  total: number;
  each(work: (block: Block) => void): void;
};

function times({ rows: own, all, total, each }: Blocks, x: Float64Array): Float64Array {
  const into = new Float64Array(all);
  each(({ block, from, rows }) => {
    for (let j = 0; j < total; j++)
      for (let r = 0; r < rows; r++) into[from + r] += x[j] * block[j * BLOCK_ROWS + r];
  });
  for (let i = own; i < all; i++) into[i] = x[i - own];
  return into;
}

function transposed({ rows: own, all, total, each }: Blocks, v: Float64Array): Float64Array {
  const into = new Float64Array(total);
  each(({ block, from, rows }) => {
    const values = v.subarray(from, from + rows);
    for (let j = 0; j < total; j++) into[j] += dotColumn(block, j, { values, rows });
  });
  for (let i = own; i < all; i++) into[i - own] += v[i];
  return into;
}

function weightedGram({ rows: own, all, total, each }: Blocks, q: Float64Array): Float64Array {
  const into = new Float64Array(total * total);
  each(({ block, from, rows }) => {
    const roots = q.subarray(from, from + rows).map(Math.sqrt);
    for (let j = 0; j < total; j++)
      for (let r = 0; r < rows; r++) block[j * BLOCK_ROWS + r] *= roots[r];
    addGram(into, block, { rows, columns: total });
  });
  for (let i = own; i < all; i++) into[(i - own) * (total + 1)] += q[i];
  return into;
}
