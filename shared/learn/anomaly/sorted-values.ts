import type { LearningData } from '../algorithm.ts';

/** A column's values, ascending; rows of weight 0 and missing values are left out. */
export function sortedValues({ matrix, weights }: LearningData, column: number): Float32Array {
  const width = matrix.names.length;
  const values = new Float32Array(matrix.rows);
  let n = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const value = matrix.data[row * width + column];
    if (!Number.isNaN(value) && (weights === null || weights[row] > 0)) values[n++] = value;
  }
  return values.subarray(0, n).sort();
}

/** The next smaller float32. */
export function floatBelow(value: number): number {
  if (value === 0) return -1.401298464324817e-45;
  const one = new Float32Array([value]);
  const bits = new Int32Array(one.buffer);
  bits[0] += value > 0 ? -1 : 1;
  return one[0];
}
