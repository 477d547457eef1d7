import { combine, rowDoubles, rowSquares, toDouble, turned } from './column-nodes.ts';
import type { GraphWriter } from './graph-writer.ts';

/** Row-major [count, columns]. */
export type Points = { rows: Float32Array; columns: number };

/** Products of each row with each point, in float64: [N, count]. */
export function productNodes(writer: GraphWriter, x: string, { rows, columns }: Points): string {
  const points = writer.constant(turned(rows, columns), [columns, rows.length / columns]);
  return combine(writer, 'MatMul', x, toDouble(writer, points));
}

/**
 * Squared distances of each row to each point, [N, count], as |x|^2 + |z|^2 - 2 x . z in float64:
 * the differences themselves would be a tensor [N, count, columns]. Never below 0.
 */
export function squaredDistanceNodes(writer: GraphWriter, x: string, points: Points): string {
  const { rows, columns } = points;
  const squares = Array.from({ length: rows.length / columns }, (_, i) =>
    rows.subarray(i * columns, (i + 1) * columns).reduce((sum, z) => sum + z * z, 0),
  );
  const twice = combine(writer, 'Mul', productNodes(writer, x, points), rowDoubles(writer, [2]));
  const sums = combine(writer, 'Add', rowSquares(writer, x), rowDoubles(writer, squares));
  return combine(writer, 'Max', combine(writer, 'Sub', sums, twice), rowDoubles(writer, [0]));
}
