import { type Optimizer, train } from '@tensorflow/tfjs-core';
import { cosOfTurn } from '../core/portable-math.ts';
import type { NeuralParameters } from './parameters.ts';

type Rated = Pick<NeuralParameters, 'solver' | 'momentum' | 'learningRateInit' | 'learningRate'>;

/** Adam (Kingma and Ba 2015), or stochastic gradient descent with Nesterov's momentum. */
export const createOptimizer = ({ solver, momentum, learningRateInit }: Rated): Optimizer =>
  solver === 'adam'
    ? train.adam(learningRateInit, 0.9, 0.999, 1e-8)
    : train.momentum(learningRateInit, momentum, true);

/**
 * Sets the rate of the next step; tfjs reads the field at each one, but lets only plain descent set it.
 * `cosine`: from the first rate to 0 along half a cosine (Loshchilov and Hutter 2017, equation 5, without
 * restarts). @param done share of all steps, 0 .. 1
 */
export function setRate(optimizer: Optimizer, rated: Rated, done: number): void {
  if (rated.learningRate === 'constant') return;
  const learningRate = (rated.learningRateInit * (1 + cosOfTurn(done / 2))) / 2;
  Object.assign(optimizer, { learningRate });
}
