import type { Attributes } from './attributes.ts';
import type { Tensor } from './tensor.ts';

/** A node whose attributes have been read: tensors in, its outputs out. */
export type Kernel = (inputs: readonly Tensor[]) => Tensor | readonly Tensor[];

export type Operator = {
  /** The fewest and the most tensors that it takes. */
  inputs: readonly [number, number];
  /** Tensors that it gives; default: 1. */
  outputs?: number;
  kernel: (attributes: Attributes) => Kernel;
};
