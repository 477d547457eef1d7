import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { BAYES_ALGORITHMS } from '../bayes/algorithms.ts';
import { DISCRIMINANT_ALGORITHMS } from '../discriminant/algorithms.ts';
import { scoreRows } from '../fitted-estimator.ts';
import type { Parameters } from '../search/space.ts';
import { LINEAR_ALGORITHMS } from './algorithms.ts';
import {
  everySixth,
  type Golden,
  type GoldenTarget,
  goldenData,
  largestDifference,
} from './golden-data.ts';

const golden: Golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8'));

type Case = [result: string, target: GoldenTarget, parameters?: Parameters, tolerance?: number];

/** Float32 coefficients of order 1: 1e-6 is what their rounding leaves. */
const CASES: Case[] = [
  ['linear-regression', 'y'],
  ['linear-regression weighted', 'y'],
  ['ridge', 'y', { alpha: 2.5 }],
  ['ridge weighted', 'y', { alpha: 2.5 }],
  ['lasso', 'y', { alpha: 0.2, tol: 1e-12 }],
  ['lasso weighted', 'y', { alpha: 0.2, tol: 1e-12 }],
  ['elastic-net', 'y', { alpha: 0.3, l1Ratio: 0.4, tol: 1e-12 }],
  ['elastic-net weighted', 'y', { alpha: 0.3, l1Ratio: 0.4, tol: 1e-12 }],
  ['bayesian-ridge', 'y'],
  ['ard-regression', 'y'],
  ['ard-regression pruned', 'y', { thresholdLambda: 2 }],
  ['orthogonal-matching-pursuit', 'y', { nonzeroShare: 0.5 }],
  ['least-angle-regression', 'y', { nonzeroShare: 0.75 }],
  ['least-angle-regression full', 'y'],
  // scikit-learn stops at a change of 2e-9 of the objective whatever its tol.
  ['huber', 'y', { alpha: 0.01, maxIter: 1000, tol: 1e-9 }, 3e-5],
  ['huber weighted', 'y', { alpha: 0.01, maxIter: 1000, tol: 1e-9 }, 3e-5],
  ['poisson-regression', 'counts', { alpha: 0.1 }],
  ['poisson-regression weighted', 'counts', { alpha: 0.1 }],
  ['gamma-regression', 'positive', { alpha: 0.1 }],
  ['gamma-regression weighted', 'positive', { alpha: 0.1 }],
  ['tweedie-regression', 'counts', { alpha: 0.1 }],
  ['tweedie-regression weighted', 'counts', { alpha: 0.1 }],
  ['quantile-regression', 'y', { quantile: 0.3, alpha: 0.05 }, 1e-5],
  ['quantile-regression weighted', 'y', { quantile: 0.3, alpha: 0.05 }, 1e-5],
  ['logistic-regression', 'binary', { C: 0.7 }],
  ['logistic-regression weighted', 'binary', { C: 0.7 }],
  ['logistic-regression balanced', 'binary', { C: 0.7, classWeight: 'balanced' }],
  ['lasso-logistic', 'binary', { C: 0.7, tol: 1e-8 }],
  ['lasso-logistic weighted', 'binary', { C: 0.7, tol: 1e-8 }],
  ['elastic-net-logistic', 'binary', { C: 0.7, l1Ratio: 0.4, tol: 1e-8 }],
  ['elastic-net-logistic weighted', 'binary', { C: 0.7, l1Ratio: 0.4, tol: 1e-8 }],
  ['elastic-net-logistic multiclass', 'classes', { C: 0.7, l1Ratio: 0.4, tol: 1e-8 }, 2e-6],
  [
    'elastic-net-logistic multiclass weighted',
    'classes',
    { C: 0.7, l1Ratio: 0.4, tol: 1e-8 },
    2e-6,
  ],
  ['logistic-regression multiclass', 'classes', { C: 0.7 }],
  ['logistic-regression multiclass weighted', 'classes', { C: 0.7 }],
];

const ALGORITHMS = [...LINEAR_ALGORITHMS, ...BAYES_ALGORITHMS, ...DISCRIMINANT_ALGORITHMS];

function fitCase(result: string, target: GoldenTarget, parameters?: Parameters) {
  const algorithm = ALGORITHMS.find(({ name }) => name === result.split(' ')[0])!;
  const data = goldenData(golden, target, result.includes('weighted'));
  const chosen = { ...algorithm.defaults, ...parameters };
  return { data, fitted: algorithm.fit(data, chosen, { rng: createRng(1) }) };
}

test.each(CASES)(
  '%s of %s is scikit-learn 1.2.1’s',
  (result, target, parameters, tolerance = 1e-6) => {
    const { fitted } = fitCase(result, target, parameters);
    if (fitted.type !== 'linear') throw new Error(`${result} is not linear`);
    const { coefficients, intercepts } = golden.results[result];
    const expected = [...coefficients.flat(), ...intercepts];
    const found = [...fitted.coefficients, ...fitted.intercepts];
    expect(largestDifference(found, expected)).toBeLessThan(tolerance);
  },
);

/** Probabilities are computed in float32 from scores that reach some tens. */
const PREDICTIONS: Case[] = (['binary', 'classes'] as const).flatMap((target): Case[] => {
  const suffix = target === 'classes' ? ' multiclass' : '';
  return [
    [`gaussian-naive-bayes${suffix}`, target],
    [`gaussian-naive-bayes${suffix} weighted`, target],
    [`multinomial-naive-bayes${suffix}`, target, { alpha: 0.5 }],
    [`multinomial-naive-bayes${suffix} weighted`, target, { alpha: 0.5 }],
    [`complement-naive-bayes${suffix}`, target, { alpha: 0.5 }],
    [`complement-naive-bayes${suffix} weighted`, target, { alpha: 0.5 }],
    [`complement-naive-bayes normed${suffix}`, target, { norm: true }],
    [`bernoulli-naive-bayes${suffix}`, target, { binarize: 0.25 }],
    [`bernoulli-naive-bayes${suffix} weighted`, target, { binarize: 0.25 }],
    [`categorical-naive-bayes${suffix}`, target, { nBins: 4 }],
    [`linear-discriminant${suffix}`, target],
    [`quadratic-discriminant${suffix}`, target],
    [`quadratic-discriminant regularised${suffix}`, target, { regParam: 0.3 }],
  ];
});

test.each(PREDICTIONS)(
  '%s of %s predicts as scikit-learn 1.2.1',
  (result, target, parameters, tolerance = 1e-5) => {
    const { data, fitted } = fitCase(result, target, parameters);
    const found = everySixth(scoreRows(fitted, data.matrix), data.matrix.rows);
    const { predictions } = golden.results[result];
    expect(largestDifference(found, predictions.flat())).toBeLessThan(tolerance);
  },
);
