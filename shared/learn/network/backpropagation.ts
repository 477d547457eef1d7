import { exp, log, log1p } from '../../core/portable-math.ts';
import { type Activation, activate, multiplyByDerivative } from './activation.ts';

/** What the scores are held against: numbers, codes 0 and 1 with one score, or class codes. */
export type NetworkLoss = 'squared' | 'logistic' | 'softmax';

export type NetworkShape = {
  /** Columns, hidden units of each layer, scores. */
  sizes: readonly number[];
  activation: Activation;
  loss: NetworkLoss;
  /** L2 penalty of the weights, shared out over the rows of a batch; biases have none. */
  alpha: number;
};

/** Rows of a batch: row-major [rows, columns], and by row. */
export type Batch = {
  rows: number;
  inputs: Float64Array;
  target: Float64Array;
  weights: Float64Array;
};

/** Unknowns of a network: each layer's weights, row-major [inputs, outputs], then its biases. */
export const countUnknowns = (sizes: readonly number[]): number =>
  sizes.slice(1).reduce((sum, outputs, layer) => sum + (sizes[layer] + 1) * outputs, 0);

/**
 * Loss of a batch per unit of weight and its gradient, by backpropagation (Rumelhart, Hinton and
 * Williams 1986), as scikit-learn 1.2.1's multilayer perceptrons: half the squared error, or log loss,
 * plus alpha |W|^2 / (2 weight).
 * Cost: 3 x rows x unknowns.
 */
export function lossAndGradient(
  { sizes, activation, loss, alpha }: NetworkShape,
  unknowns: Float64Array,
  { batch, gradient }: { batch: Batch; gradient: Float64Array },
): number {
  const layers = layersOf(sizes);
  const outputs = [batch.inputs];
  layers.forEach((layer, k) => {
    const values = forward(layer, unknowns, { inputs: outputs[k], rows: batch.rows });
    if (k < layers.length - 1) activate(activation, values);
    outputs.push(values);
  });
  const weight = batch.weights.subarray(0, batch.rows).reduce((sum, value) => sum + value, 0);
  let slopes = outputs[layers.length];
  let value = toSlopes(loss, slopes, batch) / weight;
  gradient.fill(0);
  for (let k = layers.length - 1; k >= 0; k--) {
    const given = { inputs: outputs[k], slopes, rows: batch.rows };
    backward(layers[k], gradient, given);
    if (k > 0) {
      slopes = slopesOfInputs(layers[k], unknowns, given);
      multiplyByDerivative(activation, outputs[k], slopes);
    }
  }
  for (let i = 0; i < gradient.length; i++) gradient[i] /= weight;
  for (const { at, inputs, outputs: width } of layers)
    for (let i = at; i < at + inputs * width; i++) {
      value += (alpha * unknowns[i] * unknowns[i]) / (2 * weight);
      gradient[i] += (alpha * unknowns[i]) / weight;
    }
  return value;
}

/** `at`: where the layer's weights start; its biases follow them. */
export type LayerPlace = { at: number; inputs: number; outputs: number };

export function layersOf(sizes: readonly number[]): LayerPlace[] {
  let at = 0;
  return sizes.slice(1).map((outputs, k) => {
    const layer = { at, inputs: sizes[k], outputs };
    at += (layer.inputs + 1) * outputs;
    return layer;
  });
}

function forward(
  { at, inputs: width, outputs }: LayerPlace,
  unknowns: Float64Array,
  { inputs, rows }: { inputs: Float64Array; rows: number },
): Float64Array {
  const values = new Float64Array(rows * outputs);
  const biases = at + width * outputs;
  for (let r = 0; r < rows; r++) {
    const to = r * outputs;
    for (let j = 0; j < outputs; j++) values[to + j] = unknowns[biases + j];
    for (let i = 0; i < width; i++) {
      const value = inputs[r * width + i];
      if (value === 0) continue;
      const from = at + i * outputs;
      for (let j = 0; j < outputs; j++) values[to + j] += value * unknowns[from + j];
    }
  }
  return values;
}

type Backward = { inputs: Float64Array; slopes: Float64Array; rows: number };

function backward(
  { at, inputs: width, outputs }: LayerPlace,
  gradient: Float64Array,
  { inputs, slopes, rows }: Backward,
): void {
  const biases = at + width * outputs;
  for (let r = 0; r < rows; r++) {
    const from = r * outputs;
    for (let j = 0; j < outputs; j++) gradient[biases + j] += slopes[from + j];
    for (let i = 0; i < width; i++) {
      const value = inputs[r * width + i];
      if (value === 0) continue;
      const to = at + i * outputs;
      for (let j = 0; j < outputs; j++) gradient[to + j] += value * slopes[from + j];
    }
  }
}

function slopesOfInputs(
  { at, inputs: width, outputs }: LayerPlace,
  unknowns: Float64Array,
  { slopes, rows }: Backward,
): Float64Array {
  const into = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < width; i++) {
      const from = at + i * outputs;
      let sum = 0;
      for (let j = 0; j < outputs; j++) sum += unknowns[from + j] * slopes[r * outputs + j];
      into[r * width + i] = sum;
    }
  return into;
}

/** Scores become their slopes, in place; returns the weighted loss. */
function toSlopes(
  loss: NetworkLoss,
  scores: Float64Array,
  { rows, target, weights }: Batch,
): number {
  const outputs = scores.length / rows;
  let value = 0;
  for (let r = 0; r < rows; r++) {
    const w = weights[r];
    if (loss === 'softmax')
      value += w * softmaxSlopes(scores, r * outputs, { outputs, code: target[r] });
    else {
      const score = scores[r];
      const small = loss === 'squared' ? 0 : exp(-Math.abs(score));
      const answer = loss === 'squared' ? score : (score > 0 ? 1 : small) / (1 + small);
      value +=
        loss === 'squared'
          ? (w * (score - target[r]) ** 2) / 2
          : w * (Math.max(score, 0) - target[r] * score + log1p(small));
      scores[r] = answer - target[r];
    }
    for (let k = 0; k < outputs; k++) scores[r * outputs + k] *= w;
  }
  return value;
}

function softmaxSlopes(
  scores: Float64Array,
  at: number,
  { outputs, code }: { outputs: number; code: number },
): number {
  let highest = -Infinity;
  for (let k = 0; k < outputs; k++) highest = Math.max(highest, scores[at + k]);
  const own = scores[at + code] - highest;
  let sum = 0;
  for (let k = 0; k < outputs; k++) {
    scores[at + k] = exp(scores[at + k] - highest);
    sum += scores[at + k];
  }
  for (let k = 0; k < outputs; k++) scores[at + k] /= sum;
  scores[at + code] -= 1;
  return log(sum) - own;
}
