import { type Encoding, encodedWidth, encodeRows } from '../../prepare/encoding.ts';
import { solveCholesky } from '../../stats/linear/cholesky.ts';
import type { Table } from '../../table/table.ts';
import type { LinearModel } from './linear-model.ts';

/** Sufficient statistics of least squares: what every alpha is solved from. */
export type RidgeMoments = {
  encoding: Encoding;
  rows: number;
  /** Column means of the encoded matrix and of the target. */
  means: Float64Array;
  targetMean: number;
  /** Centred X^T X, row-major [width, width], lower triangle. */
  gram: Float64Array;
  /** Centred X^T y. */
  cross: Float64Array;
};

const BLOCK_ROWS = 256;

/** One pass over the rows in `order`. Cost: rows x (non-zero columns)^2. */
export function ridgeMoments(encoding: Encoding, table: Table, order: Uint32Array): RidgeMoments {
  const width = encodedWidth(encoding);
  const sums = {
    x: new Float64Array(width),
    y: 0,
    gram: new Float64Array(width * width),
    cross: new Float64Array(width),
  };
  const block = new Float32Array(BLOCK_ROWS * width);
  for (let from = 0; from < order.length; from += BLOCK_ROWS) {
    const to = Math.min(order.length, from + BLOCK_ROWS);
    encodeRows(encoding, table, { order, from, to, into: block });
    for (let i = from; i < to; i++)
      addRow(
        sums,
        block.subarray((i - from) * width, (i - from + 1) * width),
        table.target[order[i]],
      );
  }
  return centred(encoding, sums, order.length);
}

type Sums = { x: Float64Array; y: number; gram: Float64Array; cross: Float64Array };

function addRow(sums: Sums, row: Float32Array, target: number): void {
  const width = row.length;
  const filled: number[] = [];
  for (let j = 0; j < width; j++) if (row[j] !== 0) filled.push(j);
  sums.y += target;
  for (let a = 0; a < filled.length; a++) {
    const i = filled[a];
    sums.x[i] += row[i];
    sums.cross[i] += row[i] * target;
    for (let b = 0; b <= a; b++) sums.gram[i * width + filled[b]] += row[i] * row[filled[b]];
  }
}

function centred(encoding: Encoding, sums: Sums, rows: number): RidgeMoments {
  const width = sums.x.length;
  const means = sums.x.map((sum) => sum / rows);
  const targetMean = sums.y / rows;
  for (let i = 0; i < width; i++) {
    sums.cross[i] -= rows * means[i] * targetMean;
    for (let j = 0; j <= i; j++) sums.gram[i * width + j] -= rows * means[i] * means[j];
  }
  return { encoding, rows, means, targetMean, gram: sums.gram, cross: sums.cross };
}

/**
 * Ridge regression: minimises |y - b - X w|^2 + alpha |w|^2 with the intercept b not penalised, by
 * the normal equations. `alpha` means what it means in scikit-learn's Ridge (1.2): it is not divided
 * by the number of rows. Coefficients are rounded to float32 and the intercept follows from them.
 * @param alpha above 0, so that the system is positive definite
 */
export function fitRidge(moments: RidgeMoments, alpha: number): LinearModel {
  const { encoding, means, targetMean, gram, cross } = moments;
  const width = means.length;
  const system = gram.slice();
  for (let i = 0; i < width; i++) system[i * width + i] += alpha;
  const solution = solveCholesky(system, cross);
  if (solution === null) throw new Error(`Broken invariant: ridge with alpha ${alpha} is singular`);
  const coefficients = Float32Array.from(solution);
  const offset = coefficients.reduce((sum, coefficient, i) => sum + coefficient * means[i], 0);
  return { type: 'ridge', encoding, intercept: Math.fround(targetMean - offset), coefficients };
}
