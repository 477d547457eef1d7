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
  const total = width + 1;
  const all = matrix.rows + (hasPenalty ? width : 0);
  const block = createColumnBlock(total);
  const values = new Float64Array(BLOCK_ROWS);
  const eachBlock = (work: (from: number, rows: number) => void) => {
    for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, matrix.rows - from);
      fillColumns(block, matrix, { from, rows });
      block.fill(1, width * BLOCK_ROWS);
      work(from, rows);
    }
  };
  return {
    times(x) {
      const into = new Float64Array(all);
      eachBlock((from, rows) => {
        for (let j = 0; j < total; j++)
          for (let r = 0; r < rows; r++) into[from + r] += x[j] * block[j * BLOCK_ROWS + r];
      });
      for (let i = matrix.rows; i < all; i++) into[i] = x[i - matrix.rows];
      return into;
    },
    transposed(v) {
      const into = new Float64Array(total);
      eachBlock((from, rows) => {
        for (let r = 0; r < rows; r++) values[r] = v[from + r];
        for (let j = 0; j < total; j++) into[j] += dotColumn(block, j, { values, rows });
      });
      for (let i = matrix.rows; i < all; i++) into[i - matrix.rows] += v[i];
      return into;
    },
    gram(q) {
      const into = new Float64Array(total * total);
      eachBlock((from, rows) => {
        for (let r = 0; r < rows; r++) values[r] = Math.sqrt(q[from + r]);
        for (let j = 0; j < total; j++)
          for (let r = 0; r < rows; r++) block[j * BLOCK_ROWS + r] *= values[r];
        addGram(into, block, { rows, columns: total });
      });
      for (let i = matrix.rows; i < all; i++) into[(i - matrix.rows) * (total + 1)] += q[i];
      return into;
    },
  };
}
