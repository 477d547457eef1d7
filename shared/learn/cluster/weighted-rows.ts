import type { LearningData } from '../algorithm.ts';

/** Rows to learn a shape from: in float64, those of weight 0 left out. */
export type WeightedRows = {
  count: number;
  columns: number;
  /** Row-major [count, columns]. */
  data: Float64Array;
  weights: Float64Array;
};

export function weightedRowsOf({ matrix, weights }: LearningData): WeightedRows {
  const columns = matrix.names.length;
  const kept = Int32Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  const data = new Float64Array(kept.length * columns);
  kept.forEach((row, i) => {
    data.set(matrix.data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const own = Float64Array.from(kept, (row) => (weights === null ? 1 : weights[row]));
  return { count: kept.length, columns, data, weights: own };
}

/** Squared Euclidean distance of row `row` to centre `k`. */
export function squaredDistance(
  { data, columns }: WeightedRows,
  row: number,
  { centres, k }: { centres: Float64Array; k: number },
): number {
  const from = row * columns;
  const to = k * columns;
  let sum = 0;
  for (let j = 0; j < columns; j++) {
    const difference = data[from + j] - centres[to + j];
    sum += difference * difference;
  }
  return sum;
}
