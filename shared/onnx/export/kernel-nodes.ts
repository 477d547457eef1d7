import type { Kernel } from '../../learn/svm/kernel.ts';
import type { KernelEstimator } from '../../learn/svm/kernel-estimator.ts';
import { combine, rowDoubles, toDouble, toFloat, transform, turned } from './column-nodes.ts';
import { productNodes, squaredDistanceNodes } from './distance-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { linkNodes } from './link-nodes.ts';

/**
 * link(intercepts + coefficients . kernel values), as `scoreKernel`: in float64 up to the link, because
 * coefficients of many vectors cancel, and every runtime adds up in an order of its own.
 */
export function kernelNodes(
  writer: GraphWriter,
  estimator: KernelEstimator,
  { tensor, width }: Columns,
): Columns {
  const { kernel, vectors, count, outputs, coefficients, intercepts, link } = estimator;
  const points = { rows: vectors, columns: width };
  const x = toDouble(writer, tensor);
  const values =
    kernel.type === 'rbf'
      ? rbfNodes(writer, squaredDistanceNodes(writer, x, points), kernel.gamma)
      : linearKernelNodes(writer, productNodes(writer, x, points), kernel);
  const weights = writer.constant(turned(coefficients, count), [count, outputs]);
  const products = combine(writer, 'MatMul', values, toDouble(writer, weights));
  const sums = combine(writer, 'Add', products, rowDoubles(writer, intercepts));
  return linkNodes(writer, link, { tensor: toFloat(writer, sums), width: outputs });
}

const rbfNodes = (writer: GraphWriter, squares: string, gamma: number): string =>
  transform(writer, 'Exp', combine(writer, 'Mul', squares, rowDoubles(writer, [-gamma])));

function linearKernelNodes(
  writer: GraphWriter,
  products: string,
  kernel: Exclude<Kernel, { type: 'rbf' }>,
): string {
  const scaled = combine(writer, 'Mul', products, rowDoubles(writer, [kernel.gamma]));
  const moved = combine(writer, 'Add', scaled, rowDoubles(writer, [kernel.coef0]));
  if (kernel.type === 'sigmoid') return transform(writer, 'Tanh', moved);
  return combine(writer, 'Pow', moved, rowDoubles(writer, [kernel.degree]));
}
