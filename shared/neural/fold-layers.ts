import { fused, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Activation } from '../learn/network/activation.ts';
import type { DenseLayer } from '../learn/network/network-estimator.ts';
import { OPERATORS } from './activation.ts';
import { NORM_EPSILON, type RunningMoments } from './batch-norm.ts';
import { type LayerPlace, type Network, partLengths } from './network.ts';

/** In double precision: the last layer is still to be put into target units. */
export type FoldedLayer = Pick<DenseLayer, 'inputs' | 'outputs'> & {
  weights: Float64Array;
  biases: Float64Array;
};

/** Dense layers that score as the network does; what standardises is multiplied into the weights. */
export function foldLayers({ places, unknowns, running }: Network): FoldedLayer[] {
  const values = unknowns.dataSync() as Float32Array;
  let at = 0;
  return places.map((place, k) => {
    const length = partLengths(place).reduce((sum, part) => sum + part, 0);
    const own = values.subarray(at, at + length);
    at += length;
    return foldLayer(place, own, running[k]);
  });
}

function foldLayer(
  { inputs, outputs }: LayerPlace,
  own: Float32Array,
  running: RunningMoments | null,
): FoldedLayer {
  const [toBiases, toFactors] = [inputs * outputs, (inputs + 1) * outputs];
  const weights = Float64Array.from(own.subarray(0, toBiases));
  const biases = Float64Array.from(own.subarray(toBiases, toFactors));
  if (running === null) return { inputs, outputs, weights, biases };
  const { weight } = running;
  const means = running.mean.dataSync();
  const variances = running.variance.dataSync();
  for (let j = 0; j < outputs; j++) {
    const factor = own[toFactors + j] / Math.sqrt(variances[j] / weight + NORM_EPSILON);
    for (let i = 0; i < inputs; i++) weights[i * outputs + j] *= factor;
    biases[j] -= (factor * means[j]) / weight;
  }
  return { inputs, outputs, weights, biases };
}

/** Scores [rows, outputs] of rows on the backend. To be called within a tidy. */
export function scoreFolded(
  layers: readonly FoldedLayer[],
  activation: Activation,
  rows: Tensor2D,
): Tensor2D {
  return layers.reduce<Tensor2D>((values, { inputs, outputs, weights, biases }, k) => {
    const sums = fused.matMul({
      a: values,
      b: tensor2d(Float32Array.from(weights), [inputs, outputs]),
      bias: tensor1d(Float32Array.from(biases)),
    });
    return (k < layers.length - 1 ? OPERATORS[activation].apply(sums) : sums) as Tensor2D;
  }, rows);
}
