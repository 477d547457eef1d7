import type { Matrix } from '../../prepare/matrix.ts';
import { applyLink, type Link } from '../link.ts';
import { type Activation, activate } from './activation.ts';

/** Row-major [inputs, outputs] weights and one bias per output. */
export type DenseLayer = {
  inputs: number;
  outputs: number;
  weights: Float32Array;
  biases: Float32Array;
};

/**
 * Dense layers one after the other, the activation behind all but the last: link(W_n a(... a(W_1 x +
 * b_1) ...) + b_n). As a graph: MatMul, Add, and Relu, Tanh or Sigmoid.
 */
export type NetworkEstimator = {
  type: 'network';
  layers: DenseLayer[];
  activation: Activation;
  link: Link;
};

/** Sums in float32, input by input, the bias last. Cost: rows x weights. */
export function scoreNetwork(
  { layers, activation, link }: NetworkEstimator,
  matrix: Matrix,
): Float32Array {
  const outputs = layers[layers.length - 1].outputs;
  const scores = new Float32Array(matrix.rows * outputs);
  const width = matrix.names.length;
  const rooms = layers.map((layer) => new Float32Array(layer.outputs));
  for (let row = 0; row < matrix.rows; row++) {
    let values = matrix.data.subarray(row * width, (row + 1) * width);
    for (let i = 0; i < layers.length; i++) {
      passThrough(layers[i], values, rooms[i]);
      values = rooms[i];
      if (i < layers.length - 1) activate(activation, values);
    }
    scores.set(values, row * outputs);
  }
  return applyLink(link, scores, outputs);
}

function passThrough(
  { inputs, outputs, weights, biases }: DenseLayer,
  values: Float32Array,
  sums: Float32Array,
): void {
  sums.fill(0);
  for (let i = 0; i < inputs; i++) {
    const value = values[i];
    const at = i * outputs;
    for (let j = 0; j < outputs; j++) sums[j] += Math.fround(value * weights[at + j]);
  }
  for (let j = 0; j < outputs; j++) sums[j] += biases[j];
}
