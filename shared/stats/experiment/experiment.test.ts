import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { analyseExperiment, type ExperimentQuestion } from './analyse.ts';
import type { ArmStatistics } from './arm.ts';
import { sampleRatioMismatch } from './sample-ratio.ts';

const ask = (overrides: Partial<ExperimentQuestion>): ExperimentQuestion => ({
  control: { kind: 'proportion', n: 1000, sum: 100 },
  treatment: { kind: 'proportion', n: 1000, sum: 120 },
  test: 'welch',
  alternative: 'two-sided',
  effect: 'absolute',
  alpha: 0.05,
  tuning: 5000,
  prior: null,
  ...overrides,
});

const covariate = (sumSquares: number, sumProducts: number) => ({
  covariate: { sum: 100, sumSquares, sumProducts },
});
const ratioArms = (below: number, sumProducts: number) => {
  const arm = { kind: 'ratio' as const, n: 100, sum: 110, sumSquares: 210 };
  const sound = { ...arm, denominator: { sum: 50, sumSquares: 100 }, sumProducts: 80 };
  return {
    control: { ...arm, denominator: { sum: 50, sumSquares: below }, sumProducts },
    treatment: sound,
  };
};

test.each([
  [{ control: { kind: 'proportion' as const, n: 0, sum: 0 } }, 'too_few_units'],
  [{ control: { kind: 'proportion' as const, n: 10, sum: 11 } }, 'not_a_count'],
  [{ control: { kind: 'mean' as const, n: 10, sum: 5, sumSquares: 0 } }, 'kinds_differ'],
  [
    {
      control: { kind: 'proportion' as const, n: 9, sum: 0 },
      treatment: { kind: 'proportion' as const, n: 9, sum: 0 },
    },
    'no_spread',
  ],
  [
    { control: { kind: 'proportion' as const, n: 9, sum: 0 }, effect: 'relative' as const },
    'control_mean_is_zero',
  ],
  [{ alpha: 0 }, 'bad_alpha'],
  [{ alpha: 0.5, test: 'sequential' as const, alternative: 'greater' as const }, 'bad_alpha'],
  [
    { treatment: { kind: 'proportion' as const, n: 9, sum: 0 }, effect: 'relative' as const },
    'no_relative_error',
  ],
  [
    {
      control: {
        kind: 'mean' as const,
        n: 100,
        sum: 100,
        sumSquares: 200,
        ...covariate(101, 1000),
      },
      treatment: {
        kind: 'mean' as const,
        n: 100,
        sum: 110,
        sumSquares: 210,
        ...covariate(200, 100),
      },
    },
    'not_a_count',
    'covariate.sumProducts',
  ],
  [
    {
      control: { kind: 'mean' as const, n: 100, sum: 100, sumSquares: 200, ...covariate(99, 100) },
      treatment: {
        kind: 'mean' as const,
        n: 100,
        sum: 110,
        sumSquares: 210,
        ...covariate(200, 100),
      },
    },
    'not_a_count',
    'covariate.sumSquares',
  ],
  [ratioArms(1, 80), 'not_a_count', 'denominator.sumSquares'],
  [ratioArms(100, 1e9), 'not_a_count', 'sumProducts'],
])(
  '%j is refused as %s',
  (overrides: Partial<ExperimentQuestion>, reason: string, field?: string) => {
    const error = field === undefined ? { reason } : { reason, field };
    expect(analyseExperiment(ask(overrides))).toMatchObject({ ok: false, error });
  },
);

test('no sums of counts give a number that is not one', () => {
  const arm = fc.record({
    kind: fc.constant('proportion' as const),
    n: fc.nat(500),
    sum: fc.nat(600),
  });
  const how = fc.constantFrom('welch' as const, 'sequential' as const, 'bayesian' as const);
  const side = fc.constantFrom('two-sided' as const, 'greater' as const, 'less' as const);
  fc.assert(
    fc.property(arm, arm, how, side, (control, treatment, asked, alternative) => {
      const answer = analyseExperiment(ask({ control, treatment, test: asked, alternative }));
      if (!answer.ok) return;
      const { effect, interval, pValue, chanceToWin, risk } = answer.value;
      for (const value of [effect, ...interval, pValue ?? 0, chanceToWin ?? 0, ...(risk ?? [])])
        expect(value).not.toBeNaN();
      expect(interval[0]).toBeLessThanOrEqual(interval[1]);
    }),
  );
});

test('the exact one-sided sequential p agrees with its interval: p is alpha where the bound is 0', () => {
  const rng = createRng(2);
  for (let i = 0; i < 50; i++) {
    const treatment = { kind: 'proportion' as const, n: 5000, sum: 500 + Math.floor(rng() * 120) };
    const control = { kind: 'proportion' as const, n: 5000, sum: 500 };
    const answer = analyseExperiment(
      ask({ control, treatment, test: 'sequential', alternative: 'greater' }),
    );
    if (!answer.ok) throw new Error(answer.error.reason);
    expect(answer.value.pValue! <= 0.05).toBe(answer.value.interval[0] >= 0);
  }
});

test('CUPED narrows the interval by what the covariate explains', () => {
  const rng = createRng(5);
  const arm = (shift: number): Extract<ArmStatistics, { kind: 'mean' }> => {
    const sums = { kind: 'mean' as const, n: 2000, sum: 0, sumSquares: 0 };
    const covariate = { sum: 0, sumSquares: 0, sumProducts: 0 };
    for (let i = 0; i < 2000; i++) {
      const before = 10 + normal(rng);
      const value = shift + before + 0.5 * normal(rng);
      sums.sum += value;
      sums.sumSquares += value * value;
      covariate.sum += before;
      covariate.sumSquares += before * before;
      covariate.sumProducts += before * value;
    }
    return { ...sums, covariate };
  };
  const [control, treatment] = [arm(0), arm(0.1)];
  const widthOf = (question: ExperimentQuestion): number => {
    const answer = analyseExperiment(question);
    if (!answer.ok) throw new Error(answer.error.reason);
    return answer.value.interval[1] - answer.value.interval[0];
  };
  const plain = widthOf(
    ask({
      control: { ...control, covariate: undefined },
      treatment: { ...treatment, covariate: undefined },
    }),
  );
  expect(widthOf(ask({ control, treatment })) / plain).toBeCloseTo(0.5 / Math.sqrt(1.25), 1);
});

test('a split is checked over the arms that have a weight, and bad input is named', () => {
  expect(sampleRatioMismatch([500, 500, 0], [0.5, 0.5, 0])).toMatchObject({
    ok: true,
    value: { pValue: 1 },
  });
  expect(sampleRatioMismatch([5], [1])).toMatchObject({
    ok: false,
    error: { reason: 'too_few_arms' },
  });
  expect(sampleRatioMismatch([-1, 5], [1, 1])).toMatchObject({
    ok: false,
    error: { reason: 'bad_count' },
  });
  expect(sampleRatioMismatch([1, 5], [1, -1])).toMatchObject({
    ok: false,
    error: { reason: 'bad_weight' },
  });
});
