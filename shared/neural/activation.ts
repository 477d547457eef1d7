import {
  add,
  elu,
  minimum,
  mul,
  relu,
  sigmoid,
  square,
  step,
  sub,
  type Tensor,
  tanh,
} from '@tensorflow/tfjs-core';
import type { Activation } from '../learn/network/activation.ts';

/** `slope` is told from what `apply` gave. */
type Applied = { apply: (x: Tensor) => Tensor; slope: (given: Tensor) => Tensor };

/** @see Activation for what each computes */
export const OPERATORS: Record<Activation, Applied> = {
  relu: { apply: relu, slope: (given) => step(given) },
  tanh: { apply: tanh, slope: (given) => sub(1, square(given)) },
  elu: { apply: elu, slope: (given) => add(minimum(given, 0), 1) },
  logistic: { apply: sigmoid, slope: (given) => mul(given, sub(1, given)) },
};
