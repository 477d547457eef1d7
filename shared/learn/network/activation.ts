import { exp } from '../../core/portable-math.ts';

/** `elu` is e^x - 1 below 0 (Clevert et al. 2016, alpha 1). */
export const ACTIVATIONS = ['relu', 'tanh', 'logistic', 'elu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** Applies it in place. */
export function activate(activation: Activation, values: Float64Array | Float32Array): void {
  if (activation === 'relu') {
    for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
  } else if (activation === 'logistic') {
    for (let i = 0; i < values.length; i++) values[i] = 1 / (1 + exp(-values[i]));
  } else if (activation === 'elu') {
    for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = exp(values[i]) - 1;
  } else for (let i = 0; i < values.length; i++) values[i] = tanh(values[i]);
}

function tanh(x: number): number {
  const small = exp(-2 * Math.abs(x));
  const size = (1 - small) / (1 + small);
  return x < 0 ? -size : size;
}

/** Multiplies `slopes` by the derivative, told from what the activation gave. */
export function multiplyByDerivative(
  activation: Activation,
  given: Float64Array,
  slopes: Float64Array,
): void {
  for (let i = 0; i < slopes.length; i++) {
    const value = given[i];
    if (activation === 'relu') slopes[i] = value > 0 ? slopes[i] : 0;
    else if (activation === 'tanh') slopes[i] *= 1 - value * value;
    else if (activation === 'elu') slopes[i] *= value > 0 ? 1 : value + 1;
    else slopes[i] *= value * (1 - value);
  }
}
