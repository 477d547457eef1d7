import type { Matrix } from '../../prepare/matrix.ts';

/** Rows that are worked on at a time: a block of 50 columns then fits a 64 kB cache. */
export const BLOCK_ROWS = 128;

/**
 * A few rows in double precision, column after column: column j starts at j x BLOCK_ROWS. Sums over
 * rows then run along memory.
 */
export const createColumnBlock = (columns: number): Float64Array =>
  new Float64Array(columns * BLOCK_ROWS);

/** Copies rows from .. from + rows - 1 of the matrix into the block's first columns. */
export function fillColumns(
  block: Float64Array,
  { data, names }: Matrix,
  { from, rows }: { from: number; rows: number },
): void {
  const width = names.length;
  for (let r = 0; r < rows; r++) {
    const at = (from + r) * width;
    for (let j = 0; j < width; j++) block[j * BLOCK_ROWS + r] = data[at + j];
  }
}

/** Below this share of cells that are not 0, rows are multiplied cell by cell. */
const SPARSE_SHARE = 0.5;

/**
 * Adds block^T block to the lower triangle of `gram`.
 * @param gram row-major [columns, columns]
 * Cost: rows x columns^2 / 2, or rows x (cells of a row that are not 0)^2 / 2 where most are 0, as
 * one-hot columns are.
 */
export function addGram(
  gram: Float64Array,
  block: Float64Array,
  shape: { rows: number; columns: number },
): void {
  const { rows, columns } = shape;
  let filled = 0;
  for (let j = 0; j < columns; j++)
    for (let at = j * BLOCK_ROWS; at < j * BLOCK_ROWS + rows; at++) if (block[at] !== 0) filled++;
  if (filled < SPARSE_SHARE * rows * columns) addSparseGram(gram, block, shape);
  else addDenseGram(gram, block, shape);
}

function addSparseGram(
  gram: Float64Array,
  block: Float64Array,
  { rows, columns }: { rows: number; columns: number },
): void {
  const index = new Int32Array(columns);
  const value = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    let n = 0;
    for (let j = 0; j < columns; j++) {
      const cell = block[j * BLOCK_ROWS + r];
      if (cell === 0) continue;
      index[n] = j;
      value[n++] = cell;
    }
    for (let a = 0; a < n; a++) {
      const at = index[a] * columns;
      const cell = value[a];
      for (let b = 0; b <= a; b++) gram[at + index[b]] += cell * value[b];
    }
  }
}

/** Four sums at a time, so that each number read is used twice. */
function addDenseGram(
  gram: Float64Array,
  block: Float64Array,
  { rows, columns }: { rows: number; columns: number },
): void {
  for (let i = 0; i < columns; i += 2) {
    const a = i * BLOCK_ROWS;
    const hasNext = i + 1 < columns;
    const b = hasNext ? a + BLOCK_ROWS : a;
    for (let j = 0; j <= i; j += 2) {
      const c = j * BLOCK_ROWS;
      const d = j + 1 < columns ? c + BLOCK_ROWS : c;
      let ac = 0;
      let ad = 0;
      let bc = 0;
      let bd = 0;
      for (let r = 0; r < rows; r++) {
        const x = block[a + r];
        const y = block[b + r];
        const z = block[c + r];
        const u = block[d + r];
        ac += x * z;
        ad += x * u;
        bc += y * z;
        bd += y * u;
      }
      const at = i * columns + j;
      gram[at] += ac;
      if (j < i) gram[at + 1] += ad;
      if (hasNext) {
        gram[at + columns] += bc;
        gram[at + columns + 1] += bd;
      }
    }
  }
}

/** Makes a matrix symmetric by what its lower triangle holds. */
export function mirrorLower(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
}

/** The sum over a block's rows of its column times `values`. */
export function dotColumn(
  block: Float64Array,
  column: number,
  { values, rows }: { values: Float64Array; rows: number },
): number {
  const at = column * BLOCK_ROWS;
  let sum = 0;
  for (let r = 0; r < rows; r++) sum += block[at + r] * values[r];
  return sum;
}
