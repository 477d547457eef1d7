import {
  abs,
  add,
  concat1d,
  fused,
  matMul,
  mul,
  reshape,
  sign,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core';
import { OPERATORS } from './activation.ts';
import { follow, type Standardised, slopesBefore, standardise } from './batch-norm.ts';
import type { Batch } from './batches.ts';
import { LOSSES, type NeuralLoss } from './loss.ts';
import { type LayerUnknowns, type Network, unknownsByLayer } from './network.ts';

export type Objective = { loss: NeuralLoss; l1: number; l2: number };

/** What a layer was given and gave, for its slopes. */
type Passed = { inputs: Tensor2D; standard: Standardised | null; activated: Tensor };

type Given = { batch: Batch; masks: readonly Tensor[] };

/**
 * Loss of a batch and its gradient, ordered as the unknowns: weighted mean over the rows, plus
 * l1 |W| + l2 W^2 of all weights. Running moments follow the batch. `masks` multiply what the hidden
 * layers give.
 *
 * Written out (Rumelhart, Hinton and Williams 1986) rather than taken from tfjs's tape: half the kernel
 * calls, and in Node the gradients of tfjs are registered by no module that can be imported alone. What is
 * transposed is transposed first: the WebAssembly backend multiplies plain matrices five times as fast.
 * Cost: 3 x rows x weights. To be called within a tidy.
 */
export function lossAndGradient(
  network: Network,
  objective: Objective,
  { batch, masks }: Given,
): { value: Tensor; gradient: Tensor1D } {
  const layers = unknownsByLayer(network);
  const passed = passForward(network, layers, { batch, masks });
  const { loss } = objective;
  const scores = passed[layers.length - 1].activated as Tensor2D;
  const value = sum(mul(LOSSES[loss].value(scores, batch.target), batch.weights));
  let slopes = mul(LOSSES[loss].slope(scores, batch.target), batch.weights);
  const parts: Tensor1D[][] = [];
  for (let k = layers.length - 1; k >= 0; k--) {
    if (k < layers.length - 1) {
      if (masks[k]) slopes = mul(slopes, masks[k]);
      slopes = mul(slopes, OPERATORS[network.shape.activation].slope(passed[k].activated));
    }
    const back = passBack(layers[k], passed[k], slopes);
    const weights = matMul(transpose(passed[k].inputs), back.slopes);
    const flat = reshape(add(weights, penaltySlopes(layers[k], objective)), [-1]) as Tensor1D;
    parts.unshift([flat, ...back.parts]);
    if (k > 0) slopes = matMul(back.slopes, transpose(layers[k].weights));
  }
  const penalties = layers.map((layer) => penaltyOf(layer, objective));
  return { value: penalties.reduce<Tensor>(add, value), gradient: concat1d(parts.flat()) };
}

function passForward(
  { shape: { activation }, running }: Network,
  layers: readonly LayerUnknowns[],
  { batch, masks }: Given,
): Passed[] {
  let values = batch.inputs;
  return layers.map(({ weights, biases, factors }, k) => {
    const inputs = values;
    const moments = running[k];
    const standard = moments ? standardise(matMul(inputs, weights)) : null;
    if (moments && standard) follow(moments, standard);
    const sums =
      standard && factors
        ? add(mul(standard.values, factors), biases)
        : fused.matMul({ a: inputs, b: weights, bias: biases });
    const activated = k < layers.length - 1 ? OPERATORS[activation].apply(sums) : sums;
    values = (masks[k] ? mul(activated, masks[k]) : activated) as Tensor2D;
    return { inputs, standard, activated };
  });
}

/** From slopes of a layer's sums to those of its inputs times weights, and to its other parts. */
function passBack(
  { factors }: LayerUnknowns,
  { standard }: Passed,
  slopes: Tensor,
): { slopes: Tensor2D; parts: Tensor1D[] } {
  const biases = sum(slopes, 0) as Tensor1D;
  if (factors === null || standard === null) return { slopes: slopes as Tensor2D, parts: [biases] };
  return {
    slopes: slopesBefore(standard, mul(slopes, factors)) as Tensor2D,
    parts: [biases, sum(mul(slopes, standard.values), 0) as Tensor1D],
  };
}

function penaltySlopes({ weights }: LayerUnknowns, { l1, l2 }: Objective): Tensor | number {
  if (l1 === 0) return l2 === 0 ? 0 : mul(weights, 2 * l2);
  return add(mul(sign(weights), l1), l2 === 0 ? 0 : mul(weights, 2 * l2));
}

function penaltyOf({ weights }: LayerUnknowns, { l1, l2 }: Objective): Tensor | number {
  const flat = l1 === 0 ? 0 : mul(sum(abs(weights)), l1);
  return l2 === 0 ? flat : add(flat, mul(sum(square(weights)), l2));
}
