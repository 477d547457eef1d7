import {
  add,
  div,
  mul,
  sqrt,
  square,
  sub,
  type Tensor,
  type Variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { cosOfTurn } from '../core/portable-math.ts';
import { createVariable } from './network.ts';
import type { NeuralParameters } from './parameters.ts';

type Rated = Pick<NeuralParameters, 'solver' | 'momentum' | 'learningRateInit' | 'learningRate'>;

export type Optimizer = {
  /** Moves the unknowns down the gradient. @param done share of all steps, 0 .. 1 */
  step(gradient: Tensor, done: number): void;
  dispose(): void;
};

/** Its steps are to be taken within a tidy. */
export const createOptimizer = (unknowns: Variable, rated: Rated): Optimizer =>
  rated.solver === 'adam' ? createAdam(unknowns, rated) : createDescent(unknowns, rated);

/**
 * `cosine`: from the first rate to 0 along half a cosine (Loshchilov and Hutter 2017, equation 5, without
 * restarts).
 */
const rateAt = ({ learningRateInit, learningRate }: Rated, done: number): number =>
  learningRate === 'constant'
    ? learningRateInit
    : (learningRateInit * (1 + cosOfTurn(done / 2))) / 2;

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Kingma and Ba 2015, algorithm 1 in the order of its section 2. */
function createAdam(unknowns: Variable, rated: Rated): Optimizer {
  const first = createVariable(() => zerosLike(unknowns));
  const second = createVariable(() => zerosLike(unknowns));
  let power1 = 1;
  let power2 = 1;
  return {
    step(gradient, done) {
      power1 *= BETA_1;
      power2 *= BETA_2;
      const rate = (rateAt(rated, done) * Math.sqrt(1 - power2)) / (1 - power1);
      first.assign(add(mul(first, BETA_1), mul(gradient, 1 - BETA_1)));
      second.assign(add(mul(second, BETA_2), mul(square(gradient), 1 - BETA_2)));
      const step = div(mul(first, rate), add(sqrt(second), EPSILON));
      unknowns.assign(sub(unknowns, step));
    },
    dispose() {
      first.dispose();
      second.dispose();
    },
  };
}

/** Stochastic gradient descent with Nesterov's momentum, as scikit-learn's SGDOptimizer. */
function createDescent(unknowns: Variable, rated: Rated): Optimizer {
  const velocity = createVariable(() => zerosLike(unknowns));
  const { momentum } = rated;
  return {
    step(gradient, done) {
      const pull = mul(gradient, -rateAt(rated, done));
      velocity.assign(add(mul(velocity, momentum), pull));
      unknowns.assign(add(unknowns, add(mul(velocity, momentum), pull)));
    },
    dispose: () => velocity.dispose(),
  };
}
