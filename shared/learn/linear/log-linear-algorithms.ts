import type { Algorithm } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { type Curve, gammaCurve, poissonCurve, tweedieCurve } from './curve.ts';
import { solveLogLinear } from './generalised-linear.ts';
import { type Declared, linearRegressor } from './linear-algorithm.ts';

/** A regression of positive targets, whose logarithm is linear. */
function logLinear({
  curve,
  ...declared
}: Pick<Declared, 'name' | 'title' | 'targetRange' | 'source'> &
  Partial<Pick<Declared, 'defaults' | 'space'>> & { curve(parameters: Parameters): Curve }) {
  return linearRegressor({
    ...declared,
    goesOn: true,
    link: 'exp',
    defaults: { ...declared.defaults, alpha: 1, maxIter: 100, tol: 1e-4 },
    space: { ...declared.space, alpha: { type: 'float', low: 1e-6, high: 10, log: true } },
    solve: (data, parameters, { isTimeUp, warmStart }) =>
      solveLogLinear(
        data,
        { curve: curve(parameters), alpha: Number(parameters.alpha) },
        {
          ...{ maxIter: Number(parameters.maxIter), tol: Number(parameters.tol) },
          ...{ isTimeUp, warmStart },
        },
      ),
  });
}

export const LOG_LINEAR_ALGORITHMS: readonly Algorithm[] = [
  logLinear({
    name: 'poisson-regression',
    title: 'Poisson regression',
    targetRange: 'non-negative',
    source: 'McCullagh and Nelder 1989; scikit-learn 1.2.1: PoissonRegressor',
    curve: () => poissonCurve,
  }),
  logLinear({
    name: 'gamma-regression',
    title: 'Gamma regression',
    targetRange: 'positive',
    source: 'McCullagh and Nelder 1989; scikit-learn 1.2.1: GammaRegressor',
    curve: () => gammaCurve,
  }),
  logLinear({
    name: 'tweedie-regression',
    title: 'Tweedie regression',
    targetRange: 'non-negative',
    defaults: { power: 1.5 },
    space: { power: { type: 'float', low: 1.05, high: 1.95 } },
    source: 'Jorgensen 1987; scikit-learn 1.2.1: TweedieRegressor with a power above 1 and below 2',
    curve: ({ power }) => tweedieCurve(Number(power)),
  }),
];
