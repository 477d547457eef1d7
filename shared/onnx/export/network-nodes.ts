import type { Activation } from '../../learn/network/activation.ts';
import type { NetworkEstimator } from '../../learn/network/network-estimator.ts';
import { combine, rowConstant, transform } from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { linkNodes } from './link-nodes.ts';

const OPERATORS: Record<Activation, string> = {
  ...{ relu: 'Relu', tanh: 'Tanh', logistic: 'Sigmoid', elu: 'Elu' },
};

/** Dense layers one after the other, then the link: predictions [N, outputs]. */
export function networkNodes(
  writer: GraphWriter,
  { layers, activation, link }: NetworkEstimator,
  columns: Columns,
): Columns {
  let { tensor } = columns;
  layers.forEach(({ inputs, outputs, weights, biases }, i) => {
    const factors = writer.constant(weights, [inputs, outputs]);
    const sums = writer.add({ opType: 'MatMul', inputs: [tensor, factors] });
    tensor = combine(writer, 'Add', sums, rowConstant(writer, biases));
    if (i < layers.length - 1) tensor = transform(writer, OPERATORS[activation], tensor);
  });
  return linkNodes(writer, link, { tensor, width: layers[layers.length - 1].outputs });
}
