import { log } from '../../core/portable-math.ts';
import type { LearningData } from '../algorithm.ts';

export type ClassSums = {
  /** Weight of each class. */
  weight: Float64Array;
  /** Row-major [classes, columns]: weighted sum of each column over the class's rows. */
  sums: Float64Array;
};

/** @param columnOf what is summed for a column's value */
export function classSums(
  { matrix, target, weights, classes }: LearningData,
  columnOf: (value: number, column: number) => number,
): ClassSums {
  const width = matrix.names.length;
  const weight = new Float64Array(classes);
  const sums = new Float64Array(classes * width);
  for (let row = 0; row < matrix.rows; row++) {
    const w = weights === null ? 1 : weights[row];
    const code = target[row];
    weight[code] += w;
    if (w === 0) continue;
    for (let j = 0; j < width; j++)
      sums[code * width + j] += w * columnOf(matrix.data[row * width + j], j);
  }
  return { weight, sums };
}

/** Log priors: the classes' shares, or all alike. */
export function logPrior(weight: Float64Array, fitPrior: boolean): Float64Array {
  if (!fitPrior) return weight.map(() => -log(weight.length));
  const total = weight.reduce((sum, value) => sum + value, 0);
  // A class without rows: far below any share that rows can give, and still a number.
  return weight.map((value) => (value > 0 ? log(value / total) : -100));
}
