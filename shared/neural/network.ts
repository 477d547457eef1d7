import {
  add,
  matMul,
  mul,
  ones,
  rsqrt,
  sub,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rng } from '../core/rng.ts';
import type { Activation } from '../learn/network/activation.ts';
import { OPERATORS } from './activation.ts';
import { NORM_EPSILON, type RunningMoments } from './batch-norm.ts';

/** A dense layer that learns; with `norm` its sums are standardised and scaled before the biases. */
export type Layer = {
  inputs: number;
  outputs: number;
  weights: Variable;
  biases: Variable;
  norm: { scale: Variable; running: RunningMoments } | null;
};

export type Network = { layers: Layer[]; activation: Activation };

export type NetworkShape = {
  /** Columns, hidden units of each layer, scores. */
  sizes: readonly number[];
  activation: Activation;
  batchNormalization: boolean;
};

/**
 * Weights drawn uniformly: He's width before a rectifier (He et al. 2015), Glorot's otherwise (Glorot
 * and Bengio 2010). To be given back by `disposeNetwork`.
 */
export function createNetwork(shape: NetworkShape, rng: Rng): Network {
  const layers = shape.sizes.slice(1).map((outputs, k) => {
    const isHidden = k < shape.sizes.length - 2;
    return createLayer([shape.sizes[k], outputs], shape, { isHidden, rng });
  });
  return { layers, activation: shape.activation };
}

function createLayer(
  [inputs, outputs]: readonly [number, number],
  { activation, batchNormalization }: NetworkShape,
  { isHidden, rng }: { isHidden: boolean; rng: Rng },
): Layer {
  const isRectified = isHidden && (activation === 'relu' || activation === 'elu');
  const bound = Math.sqrt(6 / (isRectified ? inputs : inputs + outputs));
  const start = Float32Array.from({ length: inputs * outputs }, () => bound * (2 * rng() - 1));
  return {
    ...{ inputs, outputs },
    weights: createVariable(() => tensor2d(start, [inputs, outputs])),
    biases: createVariable(() => zeros([outputs])),
    norm: batchNormalization && isHidden ? createNorm(outputs) : null,
  };
}

/** Without a tidy the tensor that a variable starts from is never given back. */
const createVariable = (start: () => Tensor): Variable => tidy(() => variable(start()));

function createNorm(units: number): Layer['norm'] {
  const moments = () => createVariable(() => zeros([1, units]));
  const running = { mean: moments(), variance: moments(), weight: 0 };
  return { scale: createVariable(() => ones([units])), running };
}

export function disposeNetwork({ layers }: Network): void {
  for (const { weights, biases, norm } of layers) {
    for (const each of [weights, biases, norm?.scale, norm?.running.mean, norm?.running.variance])
      each?.dispose();
  }
}

/** What a layer is given times its weights [rows, outputs]. */
export const weightedSums = ({ weights }: Layer, inputs: Tensor): Tensor =>
  matMul(inputs as Tensor2D, weights as Tensor as Tensor2D);

/** Scores [rows, outputs] as the fitted network will give them. */
export function scoreBatch({ layers, activation }: Network, batch: Tensor2D): Tensor2D {
  const { apply } = OPERATORS[activation];
  let values: Tensor = batch;
  layers.forEach((layer, k) => {
    let sums = weightedSums(layer, values);
    if (layer.norm) {
      const { mean, variance, weight } = layer.norm.running;
      const scale = mul(layer.norm.scale, rsqrt(add(mul(variance, 1 / weight), NORM_EPSILON)));
      sums = mul(sub(sums, mul(mean, 1 / weight)), scale);
    }
    sums = add(sums, layer.biases);
    values = k < layers.length - 1 ? apply(sums) : sums;
  });
  return values as Tensor2D;
}
