import type { Matrix } from '../../prepare/matrix.ts';
import {
  addGram,
  BLOCK_ROWS,
  createColumnBlock,
  fillColumns,
  mirrorLower,
} from './column-block.ts';

/** Weighted sums that least squares and its kin are solved from; x and y less their means. */
export type MatrixMoments = {
  /** Columns of the matrix. */
  width: number;
  /** Sum of the weights. */
  weight: number;
  /** [width] */
  means: Float64Array;
  /** One per target. */
  targetMeans: Float64Array;
  /** X^T W X, row-major [width, width], symmetric. */
  gram: Float64Array;
  /** X^T W y, one [width] per target. */
  cross: Float64Array[];
  /** y^T W y, one per target. */
  squares: Float64Array;
};

/**
 * Moments of a matrix and of targets by row. Two passes: the means first, so that a column far from
 * zero keeps its digits.
 * @param weights by row; null: all 1
 * Cost: rows x (columns + targets)^2 / 2.
 */
export function matrixMoments(
  matrix: Matrix,
  targets: readonly Float64Array[],
  weights: Float64Array | null,
): MatrixMoments {
  const width = matrix.names.length;
  const total = width + targets.length;
  const { weight, means } = weightedMeans(matrix, targets, weights);
  const gram = new Float64Array(total * total);
  const block = createColumnBlock(total);
  for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, matrix.rows - from);
    fillColumns(block, matrix, { from, rows });
    targets.forEach((target, t) => {
      block.set(target.subarray(from, from + rows), (width + t) * BLOCK_ROWS);
    });
    centre(block, means, rows);
    if (weights !== null) scaleRows(block, total, weights.subarray(from, from + rows));
    addGram(gram, block, { rows, columns: total });
  }
  mirrorLower(gram, total);
  return unpack(gram, { width, weight, means });
}

function weightedMeans(
  { rows, names, data }: Matrix,
  targets: readonly Float64Array[],
  weights: Float64Array | null,
) {
  const width = names.length;
  const sums = new Float64Array(width + targets.length);
  let weight = 0;
  for (let row = 0; row < rows; row++) {
    const w = weights === null ? 1 : weights[row];
    weight += w;
    const at = row * width;
    for (let j = 0; j < width; j++) sums[j] += w * data[at + j];
  }
  targets.forEach((target, t) => {
    for (let row = 0; row < rows; row++)
      sums[width + t] += weights === null ? target[row] : weights[row] * target[row];
  });
  return { weight, means: sums.map((sum) => sum / weight) };
}

function centre(block: Float64Array, means: Float64Array, rows: number): void {
  for (let j = 0; j < means.length; j++) {
    const mean = means[j];
    const at = j * BLOCK_ROWS;
    for (let r = 0; r < rows; r++) block[at + r] -= mean;
  }
}

/** Multiplies each row by the root of its weight, so that products carry the weight once. */
function scaleRows(block: Float64Array, columns: number, weights: Float64Array): void {
  const roots = weights.map(Math.sqrt);
  for (let j = 0; j < columns; j++) {
    const at = j * BLOCK_ROWS;
    for (let r = 0; r < roots.length; r++) block[at + r] *= roots[r];
  }
}

function unpack(
  all: Float64Array,
  { width, weight, means }: { width: number; weight: number; means: Float64Array },
): MatrixMoments {
  const total = means.length;
  const gram = new Float64Array(width * width);
  for (let i = 0; i < width; i++) gram.set(all.subarray(i * total, i * total + width), i * width);
  const targets = Array.from({ length: total - width }, (_, t) => (width + t) * total);
  return {
    ...{ width, weight, means: means.slice(0, width), targetMeans: means.slice(width), gram },
    cross: targets.map((at) => all.slice(at, at + width)),
    squares: Float64Array.from(targets, (at, t) => all[at + width + t]),
  };
}
