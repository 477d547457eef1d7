import { expect, test } from 'vitest';
import { logIncompleteBeta } from '../special/beta-tails.ts';
import { logIncompleteGamma } from '../special/gamma-tails.ts';
import { betaCdf, betaQuantile, betaSurvival } from './beta.ts';
import {
  binomialCdf,
  binomialDensity,
  binomialQuantile,
  binomialSurvival,
  proportionBounds,
} from './binomial.ts';
import {
  chiSquareCdf,
  chiSquareLogSurvival,
  chiSquareQuantile,
  chiSquareSurvival,
} from './chi-square.ts';
import { sumOfDensities } from './density-sum.ts';
import { fCdf, fQuantile, fSurvival } from './f.ts';
import { gammaCdf, gammaQuantile, gammaSurvival } from './gamma.ts';
import {
  hypergeometricCdf,
  hypergeometricDensity,
  hypergeometricQuantile,
  hypergeometricSurvival,
} from './hypergeometric.ts';
import { kolmogorovCdf, kolmogorovQuantile, kolmogorovSurvival } from './kolmogorov.ts';
import {
  erf,
  erfc,
  normalCdf,
  normalDensity,
  normalLogSurvival,
  normalQuantile,
  normalSurvival,
} from './normal.ts';
import { poissonCdf, poissonDensity, poissonQuantile, poissonSurvival } from './poisson.ts';
import { tCdf, tQuantile, tSurvival, tTwoSided } from './student-t.ts';

const EXTREMES = [NaN, Infinity, -Infinity, 0, -0, 5e-324, 1e308, -1, 0.5, 3];

type Checked = {
  name: string;
  /** Arguments: x or p, then parameters. */
  width: number;
  compute: (...given: number[]) => number;
  /** May it answer a number for these parameters? */
  isValid: (...parameters: number[]) => boolean;
  isQuantile?: boolean;
};

const isPositive = (df: number): boolean => df > 0;
const areShapes = (a: number, b: number): boolean => a > 0 && b > 0 && a + b < Infinity;
const isCount = (n: number): boolean => Number.isInteger(n) && n >= 0;
const isBinomial = (n: number, p: number): boolean => isCount(n) && p >= 0 && p <= 1;
const isMean = (mean: number): boolean => mean >= 0 && mean < Infinity;
const isUrn = (marked: number, unmarked: number, drawn: number): boolean =>
  [marked, unmarked, drawn].every(isCount) &&
  marked + unmarked < Infinity &&
  drawn <= marked + unmarked &&
  Math.min(marked, drawn) <= 2 ** 53;

const always = (): boolean => true;
const one = (...functions: ((x: number) => number)[]): Checked[] =>
  functions.map((compute) => ({ name: compute.name, width: 1, compute, isValid: always }));

const CHECKED: Checked[] = [
  ...one(erf, erfc, normalCdf, normalDensity, normalLogSurvival, normalSurvival),
  ...one(kolmogorovCdf, kolmogorovSurvival),
  ...[normalQuantile, kolmogorovQuantile].map((quantile) => ({
    name: quantile.name,
    width: 1,
    compute: (p: number) => quantile(p),
    isValid: always,
    isQuantile: true,
  })),
  ...[chiSquareCdf, chiSquareLogSurvival, chiSquareSurvival, tCdf, tSurvival, tTwoSided].map(
    (compute) => ({ name: compute.name, width: 2, compute, isValid: isPositive }),
  ),
  ...[gammaCdf, gammaSurvival].map((compute) => ({
    name: compute.name,
    width: 2,
    compute,
    isValid: isPositive,
  })),
  ...[chiSquareQuantile, gammaQuantile, tQuantile].map((quantile) => ({
    name: quantile.name,
    width: 2,
    compute: (p: number, df: number) => quantile(p, df),
    isValid: isPositive,
    isQuantile: true,
  })),
  ...[betaCdf, betaSurvival].map((compute) => ({
    name: compute.name,
    width: 3,
    compute,
    isValid: areShapes,
  })),
  {
    name: 'betaQuantile',
    width: 3,
    compute: (p, a, b) => betaQuantile(p, { a, b }),
    isValid: areShapes,
    isQuantile: true,
  },
  ...[fCdf, fSurvival, fQuantile].map((compute) => ({
    name: compute.name,
    width: 3,
    compute: (x: number, numeratorDf: number, denominatorDf: number) =>
      compute(x, { numeratorDf, denominatorDf }),
    isValid: areShapes,
    isQuantile: compute === fQuantile,
  })),
  ...[binomialCdf, binomialSurvival, binomialDensity, binomialQuantile].map((compute) => ({
    name: compute.name,
    width: 3,
    compute: (k: number, trials: number, probability: number) =>
      compute(k, { trials, probability }),
    isValid: isBinomial,
    isQuantile: compute === binomialQuantile,
  })),
  ...[poissonCdf, poissonSurvival, poissonDensity, poissonQuantile].map((compute) => ({
    name: compute.name,
    width: 2,
    compute,
    isValid: isMean,
    isQuantile: compute === poissonQuantile,
  })),
  ...[hypergeometricCdf, hypergeometricSurvival, hypergeometricDensity, hypergeometricQuantile].map(
    (compute) => ({
      name: compute.name,
      width: 4,
      compute: (k: number, marked: number, unmarked: number, drawn: number) =>
        compute(k, { marked, unmarked, drawn }),
      isValid: isUrn,
      isQuantile: compute === hypergeometricQuantile,
    }),
  ),
];

function* rowsOf(width: number): Generator<number[]> {
  if (width === 0) yield [];
  else for (const row of rowsOf(width - 1)) for (const value of EXTREMES) yield [...row, value];
}

/** Degrees of freedom this far out are all mass at one end: an infinite x and infinite df say nothing together. */
const isUndecided = (x: number, parameters: readonly number[]): boolean =>
  x === Infinity && parameters[0] === Infinity;

test.each(CHECKED)(
  '$name of any arguments ends, and is NaN where it has no meaning alone',
  ({ width, compute, isValid, isQuantile }) => {
    for (const given of rowsOf(width)) {
      const [x, ...parameters] = given;
      const isTold = Number.isNaN(x) ? false : !isQuantile || (x >= 0 && x <= 1);
      const value = compute(...given);
      if (!isTold || !isValid(...parameters)) expect(value, `of ${given}`).toBeNaN();
      else if (!isUndecided(x, parameters)) expect(value, `of ${given}`).not.toBeNaN();
    }
  },
);

test('bounds of a proportion end whatever they are asked', () => {
  for (const [k, n, alpha] of rowsOf(3)) expect(proportionBounds(k, n, alpha)).toHaveLength(2);
});

test('the normal distribution has its ends', () => {
  expect([-Infinity, -1e308, 1e308, Infinity].map(normalCdf)).toEqual([0, 0, 1, 1]);
  expect([erf(Infinity), erf(-Infinity), erfc(Infinity), erfc(-Infinity)]).toEqual([1, -1, 0, 2]);
});

/** By exact fractions of binomial coefficients. */
test.each([
  [0, 1, 1e12, 1, 9.99999999999e-13],
  [0, 1, 1e17, 1, 1e-17],
  [0, 3, 999_997, 10, 2.999973000045e-5],
  [1, 3, 999_997, 10, 2.6999882999595e-10],
  [0, 2, 999_999_998, 5, 9.99999998e-9],
  [2, 1000, 1_000_000, 100, 0.000149519944973807],
  [5, 50, 100, 20, 0.718628845590459],
])(
  'more than %i of %i marked and %i others, %i drawn, has its small chance in full',
  (k, marked, unmarked, drawn, expected) => {
    const chance = hypergeometricSurvival(k, { marked, unmarked, drawn });
    expect(Math.abs(chance / expected - 1)).toBeLessThan(1e-12);
  },
);

test.each([
  [3, 50, 100, 20, 0.048207057061201],
  [9, 20, 3, 11, 0.46583850931677],
  [10, 20, 3, 12, 0.53416149068323],
])(
  'at most %i of %i marked and %i others, %i drawn, has its chance',
  (k, marked, unmarked, drawn, expected) => {
    const chance = hypergeometricCdf(k, { marked, unmarked, drawn });
    expect(Math.abs(chance / expected - 1)).toBeLessThan(1e-12);
  },
);

test('densities of a wide distribution, integrated, are those that were added', () => {
  const deviation = 12_000;
  const density = (k: number): number =>
    Math.exp(-0.5 * (k / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
  for (const from of [0, 5000, 40_000, 120_000]) {
    const tail = { from, step: 1 as const, steps: 1e6, density };
    const ratio = (k: number): number => Math.exp(-(k + 0.5) / deviation ** 2);
    const added = sumOfDensities({ ...tail, deviation: 1, ratio });
    const integrated = sumOfDensities({ ...tail, deviation, ratio });
    expect(Math.abs(integrated / added - 1)).toBeLessThan(1e-11);
  }
});

/** By mpmath 1.3.0 (integrals of the density, 40 digits). */
test.each([
  [99e6, 0, -0.69312045077866, -0.693173911055731],
  [101e6, 0, -0.69312071674973, -0.693173645070512],
  [101e6, 1, -0.172753778548776, -1.84102164752645],
  [101e6, -3, -6.6085975702939, null],
  [101e6, 8, null, -34.9964770597675],
])(
  'tails of the gamma distribution of shape %d at %d deviations',
  (a, deviations, lower, upper) => {
    const tails = logIncompleteGamma(a, a + deviations * Math.sqrt(a));
    if (lower !== null) expect(Math.abs(tails.lower - lower)).toBeLessThan(2e-13);
    if (upper !== null) expect(Math.abs(tails.upper - upper)).toBeLessThan(2e-12);
  },
);

test.each([
  [2e8, 1.5e8, 0.5714, -1.96580007523538, -0.150873816854835],
  [2e8, 3e9, 0.0625, -0.693130185506552, -0.693164175902176],
  [1e8, 2e8, 0.33333, -0.795696246133937, -0.600143171856413],
])('tails of the beta distribution of shapes %d and %d at %d', (a, b, x, lower, upper) => {
  const tails = logIncompleteBeta({ a, b }, x);
  expect(Math.abs(tails.lower - lower)).toBeLessThan(1e-12);
  expect(Math.abs(tails.upper - upper)).toBeLessThan(1e-12);
});

test('a median of 1e300 is found, between whole numbers that are no doubles too', () => {
  expect(poissonQuantile(0.5, 1e300) / 1e300).toBeCloseTo(1, 12);
});
