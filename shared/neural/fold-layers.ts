import type { DenseLayer } from '../learn/network/network-estimator.ts';
import { NORM_EPSILON } from './batch-norm.ts';
import type { Layer, Network } from './network.ts';

/** In double precision: the last layer is still to be put into target units. */
export type FoldedLayer = Pick<DenseLayer, 'inputs' | 'outputs'> & {
  weights: Float64Array;
  biases: Float64Array;
};

/** Dense layers that score as the network does; what standardises is multiplied into the weights. */
export const foldLayers = ({ layers }: Network): FoldedLayer[] => layers.map(foldLayer);

function foldLayer({ inputs, outputs, weights, biases, norm }: Layer): FoldedLayer {
  const folded = {
    ...{ inputs, outputs },
    weights: Float64Array.from(weights.dataSync()),
    biases: Float64Array.from(biases.dataSync()),
  };
  if (norm === null) return folded;
  const scale = norm.scale.dataSync();
  const means = norm.running.mean.dataSync();
  const variances = norm.running.variance.dataSync();
  const { weight } = norm.running;
  for (let j = 0; j < outputs; j++) {
    const factor = scale[j] / Math.sqrt(variances[j] / weight + NORM_EPSILON);
    for (let i = 0; i < inputs; i++) folded.weights[i * outputs + j] *= factor;
    folded.biases[j] -= (factor * means[j]) / weight;
  }
  return folded;
}
