import {
  abs,
  add,
  matMul,
  mean,
  mul,
  sign,
  square,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { OPERATORS } from './activation.ts';
import { follow, type Standardised, slopesBefore, standardise } from './batch-norm.ts';
import type { Batch } from './batches.ts';
import { LOSSES, type NeuralLoss } from './loss.ts';
import { type Layer, type Network, weightedSums } from './network.ts';

export type Objective = { loss: NeuralLoss; l1: number; l2: number };

/** Of one variable, by its name. */
type Slope = { name: string; tensor: Tensor };

/** What a layer was given and gave, for its slopes. */
type Passed = { inputs: Tensor; standard: Standardised | null; activated: Tensor };

/**
 * Loss of a batch and its gradient by variable: mean over the rows, weighted, plus l1 |W| + l2 W^2 of
 * all weights. Running moments follow the batch. `masks` multiply what the hidden layers give.
 *
 * Written out (Rumelhart, Hinton and Williams 1986) rather than taken from tfjs's tape: half the kernel
 * calls, and in Node the gradients of tfjs are registered by no module that can be imported alone.
 * Cost: 3 x rows x weights. To be called within a tidy.
 */
export function lossAndGradient(
  network: Network,
  { loss, l1, l2 }: Objective,
  { batch, masks }: { batch: Batch; masks: readonly Tensor[] },
): { value: Tensor; gradient: Slope[] } {
  const { layers } = network;
  const passed = passForward(network, batch, masks);
  const scores = passed[layers.length - 1].activated as Tensor2D;
  const byRow = mul(LOSSES[loss].value(scores, batch.target), batch.weights);
  let value: Tensor = mean(byRow);
  let slopes = mul(LOSSES[loss].slope(scores, batch.target), mul(batch.weights, 1 / batch.rows));
  const gradient: Slope[] = [];
  for (let k = layers.length - 1; k >= 0; k--) {
    if (k < layers.length - 1) {
      if (masks[k]) slopes = mul(slopes, masks[k]);
      slopes = mul(slopes, OPERATORS[network.activation].slope(passed[k].activated));
    }
    const layer = layers[k];
    const back = passBack(layer, passed[k], slopes);
    gradient.push(...back.gradient);
    let own = matMul(passed[k].inputs as Tensor2D, back.slopes as Tensor2D, true);
    if (l1 > 0) own = add(own, mul(sign(layer.weights), l1));
    if (l2 > 0) own = add(own, mul(layer.weights, 2 * l2));
    if (l1 > 0) value = add(value, mul(sum(abs(layer.weights)), l1));
    if (l2 > 0) value = add(value, mul(sum(square(layer.weights)), l2));
    gradient.push({ name: layer.weights.name, tensor: own });
    if (k > 0)
      slopes = matMul(back.slopes as Tensor2D, layer.weights as Tensor as Tensor2D, false, true);
  }
  return { value, gradient };
}

function passForward(
  { layers, activation }: Network,
  batch: Batch,
  masks: readonly Tensor[],
): Passed[] {
  let values: Tensor = batch.inputs;
  return layers.map((layer, k) => {
    const inputs = values;
    let sums = weightedSums(layer, inputs);
    const standard = layer.norm ? standardise(sums) : null;
    if (layer.norm && standard) {
      follow(layer.norm.running, standard);
      sums = mul(standard.values, layer.norm.scale);
    }
    sums = add(sums, layer.biases);
    const activated = k < layers.length - 1 ? OPERATORS[activation].apply(sums) : sums;
    values = masks[k] ? mul(activated, masks[k]) : activated;
    return { inputs, standard, activated };
  });
}

/** From slopes of a layer's sums to those of its inputs times weights, and its other gradients. */
function passBack(
  { biases, norm }: Layer,
  { standard }: Passed,
  slopes: Tensor,
): { slopes: Tensor; gradient: Slope[] } {
  const gradient = [{ name: biases.name, tensor: sum(slopes, 0) }];
  if (norm === null || standard === null) return { slopes, gradient };
  gradient.push({ name: norm.scale.name, tensor: sum(mul(slopes, standard.values), 0) });
  return { slopes: slopesBefore(standard, mul(slopes, norm.scale)), gradient };
}
