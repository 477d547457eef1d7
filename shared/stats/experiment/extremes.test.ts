import { expect, test } from 'vitest';
import { analyseExperiment, type ExperimentQuestion } from './analyse.ts';
import { unitsNeeded } from './power.ts';
import { sampleRatioMismatch } from './sample-ratio.ts';

test('weights of any size are shares; a number of users that no double counts is refused', () => {
  expect(sampleRatioMismatch([100, 1], [1e-300, 1e300])).toEqual({
    ok: true,
    value: { statistic: Infinity, pValue: 0 },
  });
  const even = sampleRatioMismatch([50, 60], [1e308, 1e308]);
  expect(even).toEqual(sampleRatioMismatch([50, 60], [1, 1]));
  expect(sampleRatioMismatch([1e300, 1], [1, 1])).toEqual({
    ok: false,
    error: { reason: 'bad_count', count: 1e300 },
  });
});

const arm = (sumSquares: number, sum = 0) => ({ kind: 'mean' as const, n: 100, sum, sumSquares });
const question = (scale: number): ExperimentQuestion => ({
  control: arm(1e4 * scale * scale, 100 * scale),
  treatment: arm(1.2e4 * scale * scale, 150 * scale),
  test: 'welch',
  alternative: 'two-sided',
  effect: 'absolute',
  alpha: 0.05,
  tuning: 200,
  prior: null,
});

test.each(['absolute', 'relative'] as const)(
  'an %s effect of huge and of tiny values has the p of the values',
  (effect) => {
    const pOf = (scale: number) => {
      const answer = analyseExperiment({ ...question(scale), effect });
      return answer.ok ? answer.value.pValue! : Number.NaN;
    };
    expect(pOf(1)).toBeGreaterThan(0.01);
    for (const scale of [1e140, 1e-140]) expect(pOf(scale)).toBeCloseTo(pOf(1), 9);
  },
);

test('sums of squares that are no number are refused by name', () => {
  const answer = analyseExperiment({ ...question(1), treatment: arm(Infinity) });
  expect(answer).toMatchObject({
    ok: false,
    error: { reason: 'not_a_count', field: 'sumSquares' },
  });
});

test('no effect is found by no number of units, without variance too', () => {
  const plan = { variance: 0, effect: 0, alpha: 0.05, power: 0.8 };
  expect(unitsNeeded({ ...plan, alternative: 'two-sided' })).toBe(Infinity);
});
