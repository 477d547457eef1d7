import type { Algorithm } from '../algorithm.ts';
import { solveArd } from './ard-regression.ts';
import { solveBayesianRidge } from './bayesian-ridge.ts';
import { solveElasticNet } from './elastic-net.ts';
import { solveLeastAngle } from './least-angle.ts';
import { solveLeastSquares } from './least-squares.ts';
import { momentsRegressor } from './linear-algorithm.ts';
import { solveMatchingPursuit } from './matching-pursuit.ts';

const linearRegression = momentsRegressor({
  name: 'linear-regression',
  title: 'Linear regression',
  defaults: {},
  space: {},
  source: 'Ordinary least squares, least norm where columns are collinear; scikit-learn 1.2.1',
  solveMoments: (moments) => solveLeastSquares(moments, 0),
});

const ridge = momentsRegressor({
  name: 'ridge',
  title: 'Ridge regression',
  defaults: { alpha: 1 },
  space: { alpha: { type: 'float', low: 1e-3, high: 1e4, log: true } },
  source: 'Hoerl and Kennard 1970; scikit-learn 1.2.1: Ridge',
  solveMoments: (moments, { alpha }) => solveLeastSquares(moments, Number(alpha)),
});

const DESCENT = { maxIter: 1000, tol: 1e-4 };

const lasso = momentsRegressor({
  name: 'lasso',
  title: 'Lasso',
  defaults: { alpha: 1, ...DESCENT },
  space: { alpha: { type: 'float', low: 1e-5, high: 10, log: true } },
  source: 'Tibshirani 1996; Friedman, Hastie and Tibshirani 2010; scikit-learn 1.2.1: Lasso',
  solveMoments: (moments, { alpha, maxIter, tol }, { isTimeUp }) =>
    solveElasticNet(moments, {
      ...{ alpha: Number(alpha), l1Ratio: 1, maxIter: Number(maxIter), tol: Number(tol), isTimeUp },
    }),
});

const elasticNet = momentsRegressor({
  name: 'elastic-net',
  title: 'Elastic net',
  defaults: { alpha: 1, l1Ratio: 0.5, ...DESCENT },
  space: {
    alpha: { type: 'float', low: 1e-5, high: 10, log: true },
    l1Ratio: { type: 'float', low: 0, high: 1 },
  },
  source: 'Zou and Hastie 2005; scikit-learn 1.2.1: ElasticNet',
  solveMoments: (moments, { alpha, l1Ratio, maxIter, tol }, { isTimeUp }) =>
    solveElasticNet(moments, {
      ...{ alpha: Number(alpha), l1Ratio: Number(l1Ratio), isTimeUp },
      ...{ maxIter: Number(maxIter), tol: Number(tol) },
    }),
});

const EVIDENCE = {
  alpha1: 1e-6,
  alpha2: 1e-6,
  lambda1: 1e-6,
  lambda2: 1e-6,
  maxIter: 300,
  tol: 1e-3,
};
const evidenceOf = (parameters: Record<string, unknown>) => ({
  alpha1: Number(parameters.alpha1),
  alpha2: Number(parameters.alpha2),
  lambda1: Number(parameters.lambda1),
  lambda2: Number(parameters.lambda2),
  maxIter: Number(parameters.maxIter),
  tol: Number(parameters.tol),
});

const bayesianRidge = momentsRegressor({
  name: 'bayesian-ridge',
  title: 'Bayesian ridge',
  defaults: EVIDENCE,
  space: {},
  source: 'MacKay 1992; scikit-learn 1.2.1: BayesianRidge',
  solveMoments: (moments, parameters) => solveBayesianRidge(moments, evidenceOf(parameters)),
});

const ardRegression = momentsRegressor({
  name: 'ard-regression',
  title: 'Automatic relevance determination',
  defaults: { ...EVIDENCE, thresholdLambda: 1e4 },
  space: { thresholdLambda: { type: 'float', low: 1e2, high: 1e6, log: true } },
  source: 'MacKay 1994; scikit-learn 1.2.1: ARDRegression',
  solveMoments: (moments, parameters) =>
    solveArd(moments, {
      ...evidenceOf(parameters),
      thresholdLambda: Number(parameters.thresholdLambda),
    }),
});

/** Columns that may take part, at least one. */
const columnsOf = (share: unknown, width: number): number =>
  Math.max(1, Math.floor(Number(share) * width));

const matchingPursuit = momentsRegressor({
  name: 'orthogonal-matching-pursuit',
  title: 'Orthogonal matching pursuit',
  defaults: { nonzeroShare: 0.1 },
  space: { nonzeroShare: { type: 'float', low: 0.02, high: 1 } },
  source: 'Pati et al. 1993; scikit-learn 1.2.1: OrthogonalMatchingPursuit',
  solveMoments: (moments, { nonzeroShare }) =>
    solveMatchingPursuit(moments, columnsOf(nonzeroShare, moments.width)),
});

const leastAngle = momentsRegressor({
  name: 'least-angle-regression',
  title: 'Least angle regression',
  defaults: { nonzeroShare: 1 },
  space: { nonzeroShare: { type: 'float', low: 0.02, high: 1 } },
  source: 'Efron et al. 2004; scikit-learn 1.2.1: Lars',
  solveMoments: (moments, { nonzeroShare }) =>
    solveLeastAngle(moments, { nonzero: columnsOf(nonzeroShare, moments.width) }),
});

export const LEAST_SQUARES_ALGORITHMS: readonly Algorithm[] = [
  ...[linearRegression, ridge, lasso, elasticNet],
  ...[bayesianRidge, ardRegression, matchingPursuit, leastAngle],
];
