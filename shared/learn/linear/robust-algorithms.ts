import type { Algorithm } from '../algorithm.ts';
import { solveConsensus } from './consensus.ts';
import { solveHuber } from './huber.ts';
import { linearRegressor } from './linear-algorithm.ts';
import { solveQuantile } from './quantile-regression.ts';
import { solveTheilSen } from './theil-sen.ts';

const huber = linearRegressor({
  goesOn: true,
  name: 'huber',
  title: 'Huber regression',
  defaults: { epsilon: 1.35, alpha: 1e-4, maxIter: 100, tol: 1e-5 },
  space: {
    epsilon: { type: 'float', low: 1.05, high: 3 },
    alpha: { type: 'float', low: 1e-6, high: 10, log: true },
  },
  cost: (rows, columns) => 100 * rows * columns,
  source: 'Huber and Ronchetti 2009; scikit-learn 1.2.1: HuberRegressor',
  solve: ({ matrix, target, weights }, { epsilon, alpha, maxIter, tol }, { isTimeUp, warmStart }) =>
    solveHuber({
      ...{ matrix, target, weights, epsilon: Number(epsilon), alpha: Number(alpha), isTimeUp },
      ...{ maxIter: Number(maxIter), tol: Number(tol), warmStart },
    }),
});

const quantile = linearRegressor({
  name: 'quantile-regression',
  title: 'Quantile regression',
  defaults: { quantile: 0.5, alpha: 1, maxIter: 100 },
  space: { alpha: { type: 'float', low: 1e-6, high: 1, log: true } },
  cost: (rows, columns) => 20 * rows * columns ** 2,
  source:
    'Koenker and Bassett 1978; Portnoy and Koenker 1997; scikit-learn 1.2.1: QuantileRegressor',
  solve: (data, parameters, { isTimeUp }) =>
    solveQuantile(data, {
      ...{ quantile: Number(parameters.quantile), alpha: Number(parameters.alpha), isTimeUp },
      maxIter: Number(parameters.maxIter),
    }),
});

const theilSen = linearRegressor({
  name: 'theil-sen',
  title: 'Theil-Sen regression',
  defaults: { maxSubpopulation: 1000, maxIter: 300, tol: 1e-3 },
  space: { maxSubpopulation: { type: 'int', low: 300, high: 3000, log: true } },
  cost: (_, columns) => 500 * columns ** 3,
  source: 'Dang et al. 2008; scikit-learn 1.2.1: TheilSenRegressor, there up to 10,000 subsets',
  solve: (data, { maxSubpopulation, maxIter, tol }, { rng, isTimeUp }) =>
    solveTheilSen(data, {
      ...{ maxSubpopulation: Number(maxSubpopulation), maxIter: Number(maxIter), tol: Number(tol) },
      ...{ rng, isTimeUp },
    }),
});

const ransac = linearRegressor({
  name: 'ransac',
  title: 'RANSAC regression',
  defaults: { maxTrials: 100, residualThreshold: 1, stopProbability: 0.99 },
  space: { residualThreshold: { type: 'float', low: 0.3, high: 5, log: true } },
  cost: (rows, columns) => 100 * (rows * columns + columns ** 3),
  source: 'Fischler and Bolles 1981; scikit-learn 1.2.1: RANSACRegressor',
  solve: (data, { maxTrials, residualThreshold, stopProbability }, { rng, isTimeUp }) =>
    solveConsensus(data, {
      ...{ maxTrials: Number(maxTrials), residualThreshold: Number(residualThreshold) },
      ...{ stopProbability: Number(stopProbability), rng, isTimeUp },
    }),
});

export const ROBUST_ALGORITHMS: readonly Algorithm[] = [huber, quantile, theilSen, ransac];
