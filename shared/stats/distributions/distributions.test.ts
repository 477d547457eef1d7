import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logBeta, logGamma } from '../special/log-gamma.ts';
import * as beta from './beta.ts';
import * as binomial from './binomial.ts';
import * as chiSquare from './chi-square.ts';
import * as f from './f.ts';
import * as gamma from './gamma.ts';
import * as hypergeometric from './hypergeometric.ts';
import * as kolmogorov from './kolmogorov.ts';
import * as normal from './normal.ts';
import * as poisson from './poisson.ts';
import * as studentT from './student-t.ts';

type Golden = { source: string; rows: [name: string, parameters: unknown[], expected: number][] };

const golden: Golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8'));
const functions: Record<string, unknown> = {
  ...beta,
  ...binomial,
  ...chiSquare,
  ...f,
  ...gamma,
  ...hypergeometric,
  ...kolmogorov,
  ...normal,
  ...poisson,
  ...studentT,
};

/** 1e-12 in the body, 1e-8 in tails down to 1e-300. */
const toleranceOf = (expected: number): number => (Math.abs(expected) < 1e-20 ? 1e-8 : 1e-12);

test.each(golden.rows)('%s(%j) agrees with 80-digit arithmetic', (name, parameters, expected) => {
  const compute = functions[name] as (...given: unknown[]) => number;
  const relative = Math.abs(compute(...parameters) / expected - 1);
  expect(relative).toBeLessThan(toleranceOf(expected));
});

const probability = fc.double({ min: 1e-100, max: 1, noNaN: true });
const df = fc.double({ min: 1, max: 1e5, noNaN: true });

test('a quantile inverts its tail in every family', () => {
  fc.assert(
    fc.property(
      probability,
      df,
      fc.constantFrom('lower' as const, 'upper' as const),
      (p, v, tail) => {
        const back =
          tail === 'upper'
            ? chiSquare.chiSquareSurvival(chiSquare.chiSquareQuantile(p, v, tail), v)
            : chiSquare.chiSquareCdf(chiSquare.chiSquareQuantile(p, v, tail), v);
        expect(Math.abs(Math.log(back) - Math.log(p))).toBeLessThan(1e-8);
      },
    ),
  );
});

test('a t quantile inverts its tail and is odd about one half', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-200, max: 0.5, noNaN: true }), df, (p, v) => {
      const q = studentT.tQuantile(p, v, 'upper');
      if (!Number.isFinite(q)) return;
      expect(Math.abs(Math.log(studentT.tSurvival(q, v)) - Math.log(p))).toBeLessThan(1e-8);
      expect(studentT.tQuantile(p, v) + q).toBe(0);
    }),
  );
});

test('tails add up to one and survival never grows', () => {
  const x = fc.double({ min: 0, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(x, x, df, (a, b, v) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(chiSquare.chiSquareCdf(a, v) + chiSquare.chiSquareSurvival(a, v)).toBeCloseTo(1, 12);
      return (
        chiSquare.chiSquareSurvival(low, v) >= chiSquare.chiSquareSurvival(high, v) * (1 - 1e-12)
      );
    }),
  );
});

test('quantiles at the ends are the ends, outside [0, 1] NaN is refused to be made up', () => {
  expect(normal.normalQuantile(0)).toBe(-Infinity);
  expect(normal.normalQuantile(1)).toBe(Infinity);
  expect(normal.normalQuantile(0.5)).toBe(0);
  expect(chiSquare.chiSquareQuantile(0, 3)).toBe(0);
  expect(chiSquare.chiSquareQuantile(0, 3, 'upper')).toBe(Infinity);
  expect(studentT.tQuantile(0, 3)).toBe(-Infinity);
  expect(normal.normalQuantile(1.5)).toBeNaN();
});

test('counts: a quantile is the smallest count that reaches its chance', () => {
  fc.assert(
    fc.property(
      probability,
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (p, trials, chance) => {
        const parameters = { trials, probability: chance };
        const k = binomial.binomialQuantile(p, parameters);
        expect(binomial.binomialCdf(k, parameters)).toBeGreaterThanOrEqual(p * (1 - 1e-13));
        if (k > 0 && p < 1) expect(binomial.binomialCdf(k - 1, parameters)).toBeLessThan(p);
      },
    ),
  );
  expect(poisson.poissonQuantile(0.5, 10)).toBe(10);
  expect(hypergeometric.hypergeometricQuantile(1, { marked: 5, unmarked: 9, drawn: 4 })).toBe(4);
});

test('densities sum to one', () => {
  let sum = 0;
  for (let k = 0; k <= 40; k++)
    sum += binomial.binomialDensity(k, { trials: 40, probability: 0.3 });
  expect(sum).toBeCloseTo(1, 13);
  sum = 0;
  const urn = { marked: 12, unmarked: 30, drawn: 15 };
  for (let k = 0; k <= 12; k++) sum += hypergeometric.hypergeometricDensity(k, urn);
  expect(sum).toBeCloseTo(1, 13);
  sum = 0;
  for (let k = 0; k <= 100; k++) sum += poisson.poissonDensity(k, 20);
  expect(sum).toBeCloseTo(1, 13);
});

test('the bounds of Clopper and Pearson are those of the binomial tests they invert', () => {
  const [lower, upper] = binomial.proportionBounds(7, 40, 0.025);
  expect(binomial.binomialSurvival(6, { trials: 40, probability: lower })).toBeCloseTo(0.025, 12);
  expect(binomial.binomialCdf(7, { trials: 40, probability: upper })).toBeCloseTo(0.025, 12);
  expect(binomial.proportionBounds(0, 0, 0.05)).toEqual([0, 1]);
});

test('the gamma function satisfies its recurrence and the beta function its definition', () => {
  const x = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(x, (a) => {
      const difference = logGamma(a + 1) - logGamma(a) - Math.log(a);
      expect(Math.abs(difference)).toBeLessThan(1e-14 * (10 + Math.abs(logGamma(a + 1))));
    }),
  );
  expect(logBeta(2, 3)).toBeCloseTo(-Math.log(12), 14);
});
