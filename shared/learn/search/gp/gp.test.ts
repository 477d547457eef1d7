import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../../core/rng.ts';
import { createStudy } from '../study.ts';
import { negativeLogPosterior, squaredGaps } from './evidence.ts';
import { condition, fitGaussianProcess } from './gaussian-process.ts';
import { minimise } from './lbfgs.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';

const ROWS = [
  [0.549, 0.715],
  [0.603, 0.545],
  [0.424, 0.646],
  [0.438, 0.892],
  [0.964, 0.383],
  [0.792, 0.529],
  [0.568, 0.926],
  [0.071, 0.087],
].map((row) => Float64Array.from(row));
const TARGETS = Float64Array.of(0.898, 0.423, 1.27, 1.61, -0.848, -0.45, 1.155, 0.355);
const INPUTS = { rows: ROWS, isCategory: [false, false] };

test('mean and variance are those of scikit-learn 1.2.1 with the same kernel', () => {
  const precisions = Float64Array.of(1 / 0.5 ** 2, 1 / 0.8 ** 2);
  const process = condition(INPUTS, TARGETS, { precisions, scale: 1.3, noise: 0.01 });
  const first = process.posterior(Float64Array.of(0.3, 0.4));
  expect(first.mean).toBeCloseTo(0.9610957954896882, 10);
  expect(first.variance).toBeCloseTo(0.0848443278681772, 10);
  const second = process.posterior(Float64Array.of(0.9, 0.1));
  expect(second.mean).toBeCloseTo(-0.7240182776224733, 10);
  expect(second.variance).toBeCloseTo(0.22092364261663544, 10);
});

test('the gradient of the log posterior is its slope', () => {
  const gaps = squaredGaps({ rows: ROWS, isCategory: [false, true] });
  const evidence = { gaps, targets: TARGETS, width: 2 };
  const entry = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 4, maxLength: 4 }), (logs) => {
      const slope = new Float64Array(4);
      const point = Float64Array.from(logs);
      negativeLogPosterior(point, slope, evidence);
      slope.forEach((value, i) => {
        const at = (shift: number): number =>
          negativeLogPosterior(point.with(i, point[i] + shift), new Float64Array(4), evidence);
        expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - value)).toBeLessThan(
          1e-4 * (1 + Math.abs(value)),
        );
      });
    }),
    { numRuns: 20 },
  );
});

test('a fitted process tells an input that matters from one that does not', () => {
  const rng = createRng(1);
  const rows = Array.from({ length: 40 }, () => Float64Array.of(rng(), rng()));
  const targets = Float64Array.from(rows, ([x]) => Math.sin(6 * x));
  const { parameters } = fitGaussianProcess({ rows, isCategory: [false, false] }, targets);
  expect(parameters.precisions[0]).toBeGreaterThan(10 * parameters.precisions[1]);
});

test('observations lower the variance and never raise it', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(unit, unit, unit, unit, (a, b, x, y) => {
      const process = fitted.extended([Float64Array.of(a, b)], [0]);
      const before = fitted.posterior(Float64Array.of(x, y)).variance;
      expect(process.posterior(Float64Array.of(x, y)).variance).toBeLessThanOrEqual(before + 1e-9);
    }),
  );
});

const fitted = fitGaussianProcess(INPUTS, TARGETS);

test('the log expected improvement agrees with 50 digits, in the far tail to half a per cent', () => {
  const at = (mean: number, variance: number, best: number): number =>
    logExpectedImprovement({ mean, variance }, best);
  expect(at(0, 1, 0.5)).toBeCloseTo(-0.3598276837450638, 12);
  expect(at(2, 0.25, 0)).toBeCloseTo(-12.542208758110608, 10);
  expect(at(20, 1, 0)).toBeCloseTo(-206.9178385094251, 8);
  expect(at(60, 1, 0)).toBeCloseTo(-1809.1084601822722, 2);
  expect(at(1, 0, 0)).toBe(Number.NEGATIVE_INFINITY);
});

test('the minimiser finds the bottom of Rosenbrock’s valley', () => {
  const found = minimise(
    ([x, y], slope) => {
      slope[0] = -400 * x * (y - x * x) - 2 * (1 - x);
      slope[1] = 200 * (y - x * x);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    },
    Float64Array.of(-1.2, 1),
    { mostSteps: 200, tolerance: 1e-8 },
  );
  expect(found[0]).toBeCloseTo(1, 6);
  expect(found[1]).toBeCloseTo(1, 6);
});

test('in 20 trials it finds a minimum under a constraint to a hundredth', () => {
  const study = createStudy({
    space: { x: { type: 'float', low: 0, high: 1 }, y: { type: 'float', low: 0, high: 1 } },
    ...{ directions: ['minimize'], sampler: { type: 'gp', startupTrials: 6 }, seed: 5 },
  });
  for (let trial = 0; trial < 20; trial++) {
    const { x, y } = study.ask().parameters as { x: number; y: number };
    study.tell(trial, { values: [x + y], constraints: [0.4 - x, 0.25 - y] });
  }
  const kept = study.state.trials.filter(({ constraints }) => constraints?.every((c) => c <= 0));
  expect(Math.min(...kept.map(({ values }) => values?.[0] ?? 9))).toBeLessThan(0.66);
});
