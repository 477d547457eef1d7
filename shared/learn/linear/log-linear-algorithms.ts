import type { Algorithm } from '../algorithm.ts';
import { gammaCurve, poissonCurve, tweedieCurve } from './curve.ts';
import { solveLogLinear } from './generalised-linear.ts';
import { linearRegressor } from './linear-algorithm.ts';

const DEFAULTS = { alpha: 1, maxIter: 100, tol: 1e-4 };
const SPACE = { alpha: { type: 'float', low: 1e-6, high: 10, log: true } } as const;

const optionsOf = (
  { maxIter, tol }: Record<string, unknown>,
  { isTimeUp }: { isTimeUp?: () => boolean },
) => ({ maxIter: Number(maxIter), tol: Number(tol), isTimeUp });

const poisson = linearRegressor({
  name: 'poisson-regression',
  title: 'Poisson regression',
  targetRange: 'non-negative',
  defaults: DEFAULTS,
  space: SPACE,
  source: 'McCullagh and Nelder 1989; scikit-learn 1.2.1: PoissonRegressor',
  link: 'exp',
  solve: (data, parameters, options) =>
    solveLogLinear(
      data,
      { curve: poissonCurve, alpha: Number(parameters.alpha) },
      optionsOf(parameters, options),
    ),
});

const gamma = linearRegressor({
  name: 'gamma-regression',
  title: 'Gamma regression',
  targetRange: 'positive',
  defaults: DEFAULTS,
  space: SPACE,
  source: 'McCullagh and Nelder 1989; scikit-learn 1.2.1: GammaRegressor',
  link: 'exp',
  solve: (data, parameters, options) =>
    solveLogLinear(
      data,
      { curve: gammaCurve, alpha: Number(parameters.alpha) },
      optionsOf(parameters, options),
    ),
});

const tweedie = linearRegressor({
  name: 'tweedie-regression',
  title: 'Tweedie regression',
  targetRange: 'non-negative',
  defaults: { power: 1.5, ...DEFAULTS },
  space: { power: { type: 'float', low: 1.05, high: 1.95 }, ...SPACE },
  source: 'Jorgensen 1987; scikit-learn 1.2.1: TweedieRegressor with a power above 1 and below 2',
  link: 'exp',
  solve: (data, parameters, options) =>
    solveLogLinear(
      data,
      { curve: tweedieCurve(Number(parameters.power)), alpha: Number(parameters.alpha) },
      optionsOf(parameters, options),
    ),
});

export const LOG_LINEAR_ALGORITHMS: readonly Algorithm[] = [poisson, gamma, tweedie];
