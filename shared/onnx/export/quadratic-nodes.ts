import type { QuadraticEstimator } from '../../learn/discriminant/quadratic-estimator.ts';
import { combine, concatColumns, rowConstant, rowSquares, turned } from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { softmaxNodes } from './link-nodes.ts';

/** A Gaussian per class, as `scoreQuadratic`. */
export function quadraticNodes(
  writer: GraphWriter,
  estimator: QuadraticEstimator,
  { tensor, width }: Columns,
): Columns {
  const { classes, means, constants } = estimator;
  const squares = Array.from({ length: classes }, (_, k): Columns => {
    const mean = rowConstant(writer, means.subarray(k * width, (k + 1) * width));
    const centred = combine(writer, 'Sub', tensor, mean);
    return {
      tensor: rowSquares(writer, whitenNodes(writer, estimator, { centred, k, width })),
      width: 1,
    };
  });
  const joined = concatColumns(writer, squares);
  const halves = combine(writer, 'Mul', joined.tensor, rowConstant(writer, [-0.5]));
  const scores = combine(writer, 'Add', halves, rowConstant(writer, constants));
  return { tensor: softmaxNodes(writer, scores), width: classes };
}

function whitenNodes(
  writer: GraphWriter,
  { whitening, isDiagonal }: QuadraticEstimator,
  { centred, k, width }: { centred: string; k: number; width: number },
): string {
  if (isDiagonal) {
    const diagonal = whitening.subarray(k * width, (k + 1) * width);
    return combine(writer, 'Mul', centred, rowConstant(writer, diagonal));
  }
  const size = width * width;
  const matrix = turned(whitening.subarray(k * size, (k + 1) * size), width);
  return combine(writer, 'MatMul', centred, writer.constant(matrix, [width, width]));
}
