import { log } from '../../core/portable-math.ts';
import { takeMatrixRows } from '../../prepare/matrix.ts';
import type { LearningData } from '../algorithm.ts';
import { type MatrixMoments, matrixMoments } from '../linear/matrix-moments.ts';

/** Weighted moments of each class's rows; a class without weight has `weight` 0 and means of NaN. */
export function classMoments({ matrix, target, classes, weights }: LearningData): MatrixMoments[] {
  return Array.from({ length: classes }, (_, code) => {
    const rows: number[] = [];
    target.forEach((value, row) => {
      if (value === code) rows.push(row);
    });
    const own = weights && Float64Array.from(rows, (row) => weights[row]);
    return matrixMoments(takeMatrixRows(matrix, rows), [], own);
  });
}

/** Means of a class, or of all rows where the class has none. */
export const meansOf = (own: MatrixMoments, all: MatrixMoments): Float64Array =>
  own.weight > 0 ? own.means : all.means;

/**
 * Log of each class's share of the weight; a class without rows gets the log of a share far below any
 * other, since minus infinity is no number to export.
 */
export function logPriors(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float64Array.from(weights, (weight) => (weight > 0 ? log(weight / total) : -100));
}
