import type { QuadraticEstimator } from '../../learn/discriminant/quadratic-estimator.ts';
import {
  combine,
  concatColumns,
  reduceRows,
  rowConstant,
  rowDoubles,
  rowSquares,
  toDouble,
  toFloat,
  turned,
} from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { softmaxNodes } from './link-nodes.ts';

/**
 * A Gaussian per class, as `scoreQuadratic`: in float64 up to the scores less the greatest of them, which
 * far from all classes are small differences of large sums.
 */
export function quadraticNodes(
  writer: GraphWriter,
  estimator: QuadraticEstimator,
  { tensor, width }: Columns,
): Columns {
  const { classes, means, constants } = estimator;
  const x = toDouble(writer, tensor);
  const squares = Array.from({ length: classes }, (_, k): Columns => {
    const mean = rowConstant(writer, means.subarray(k * width, (k + 1) * width));
    const centred = combine(writer, 'Sub', x, toDouble(writer, mean));
    return {
      tensor: rowSquares(writer, whitenNodes(writer, estimator, { centred, k, width })),
      width: 1,
    };
  });
  const joined = concatColumns(writer, squares);
  const halves = combine(writer, 'Mul', joined.tensor, rowDoubles(writer, [-0.5]));
  const scores = combine(writer, 'Add', halves, rowDoubles(writer, constants));
  const below = combine(writer, 'Sub', scores, reduceRows(writer, 'ReduceMax', scores));
  return { tensor: softmaxNodes(writer, toFloat(writer, below)), width: classes };
}

function whitenNodes(
  writer: GraphWriter,
  { whitening, isDiagonal }: QuadraticEstimator,
  { centred, k, width }: { centred: string; k: number; width: number },
): string {
  if (isDiagonal) {
    const diagonal = whitening.subarray(k * width, (k + 1) * width);
    return combine(writer, 'Mul', centred, toDouble(writer, rowConstant(writer, diagonal)));
  }
  const size = width * width;
  const matrix = turned(whitening.subarray(k * size, (k + 1) * size), width);
  const directions = toDouble(writer, writer.constant(matrix, [width, width]));
  return combine(writer, 'MatMul', centred, directions);
}
