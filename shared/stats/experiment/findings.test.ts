import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ADJUSTMENTS } from './adjustment.ts';
import type { ArmStatistics } from './arm.ts';
import { findMetrics, type MetricAnswer, type MetricQuestion } from './findings.ts';

const proportion = (sum: number, n = 10_000): ArmStatistics => ({ kind: 'proportion', n, sum });
const mean = (value: number, variance: number, n = 1000): ArmStatistics => ({
  kind: 'mean',
  n,
  sum: n * value,
  sumSquares: n * value * value + variance * (n - 1),
});

const ask = (more: Partial<MetricQuestion> = {}): MetricQuestion => ({
  name: 'clicks',
  control: proportion(1000),
  treatment: proportion(1092),
  test: 'welch',
  alternative: 'two-sided',
  effect: 'relative',
  alpha: 0.05,
  tuning: 5000,
  prior: null,
  minEffect: 0.01,
  weights: null,
  days: [],
  segments: [],
  ...more,
});

function answersOf(
  questions: readonly MetricQuestion[],
  options?: Parameters<typeof findMetrics>[1],
): MetricAnswer[] {
  return findMetrics(questions, options).map(({ answer }) => {
    if (!answer.ok) throw new Error(answer.error.reason);
    return answer.value;
  });
}
const answerOf = (more: Partial<MetricQuestion>): MetricAnswer => answersOf([ask(more)])[0];

test('what is settled alone but not among six metrics is not shipped, nor does its interval say so', () => {
  const alone = answerOf({});
  expect(alone).toMatchObject({ direction: 'better', decision: { action: 'ship' } });
  expect(alone.interval).toEqual(alone.adjustedInterval);
  for (const one of answersOf(Array.from({ length: 6 }, () => ask()))) {
    expect(one.adjustedPValue).toBeGreaterThan(0.05);
    expect(one.interval[0]).toBeGreaterThan(0);
    expect(one.adjustedInterval[0]).toBeLessThan(0);
    expect(one).toMatchObject({ direction: 'unsettled', decision: { action: 'keep_running' } });
  }
});

test('under any adjustment p, interval, direction and decision tell the same', () => {
  const metric = fc.record({
    treatment: fc.integer({ min: 850, max: 1150 }).map((sum) => proportion(sum)),
    test: fc.constantFrom('welch' as const, 'sequential' as const),
    isInverse: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(metric, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...ADJUSTMENTS),
      (metrics, adjustment) => {
        const answers = answersOf(metrics.map(ask), { adjustment });
        for (const {
          adjustedPValue,
          adjustedInterval: [low, high],
          direction,
          decision,
        } of answers) {
          const isSettled = (adjustedPValue ?? 1) <= 0.05;
          expect(low > 0 || high < 0).toBe(isSettled);
          expect(direction === 'unsettled').toBe(!isSettled);
          expect(decision?.action === 'ship').toBe(direction === 'better');
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('less of a loss is better, however relative it is told, and by any test', () => {
  const loss = { control: mean(-10, 4), treatment: mean(-8, 4) };
  expect(answerOf(loss)).toMatchObject({ direction: 'better', decision: { action: 'ship' } });
  expect(answerOf(loss).effect).toBeCloseTo(0.2, 12);
  expect(answerOf({ ...loss, alternative: 'greater' }).pValue).toBeLessThan(1e-10);
  expect(answerOf({ ...loss, test: 'bayesian' }).chanceToWin).toBeGreaterThan(0.999);
  const worse = { control: mean(-8, 4), treatment: mean(-10, 4), test: 'sequential' as const };
  expect(answerOf(worse)).toMatchObject({ direction: 'worse', decision: { action: 'stop' } });
});

test('an effect relative to a mean below 0, which GrowthBook turns around, is refused where its numbers are wanted', () => {
  const below = { control: mean(-10, 4), treatment: mean(-8, 4), refusesMeanBelowZero: true };
  const [finding] = findMetrics([ask(below)]);
  expect(finding.answer).toEqual({ ok: false, error: { reason: 'mean_below_zero', mean: -10 } });
  expect(answerOf({ ...below, effect: 'absolute' }).effect).toBeCloseTo(2, 12);
  const above = { ...below, control: mean(10, 4), treatment: mean(12, 4) };
  expect(answerOf(above).effect).toBeCloseTo(0.2, 12);
});

test('shares that were meant must be above 0: a split that cannot be checked is not sound', () => {
  const [finding] = findMetrics([ask({ weights: [-1, 2] })]);
  expect(finding.answer).toMatchObject({ ok: false, error: { reason: 'bad_weights' } });
});

test('strata take out what chance put into one arm, and must hold all units', () => {
  const strata = [
    { name: 'new', control: proportion(600, 6000), treatment: proportion(480, 4000) },
    { name: 'old', control: proportion(1600, 4000), treatment: proportion(2520, 6000) },
  ];
  const arms = { control: proportion(2200), treatment: proportion(3000) };
  const plain = answerOf({ ...arms, effect: 'absolute' });
  const fair = answerOf({ ...arms, effect: 'absolute', strata });
  expect(plain.effect).toBeCloseTo(0.08, 12);
  expect(fair.effect).toBeCloseTo(0.5 * 0.02 + 0.5 * 0.02, 12);
  const error = Math.hypot(
    0.5 * Math.sqrt((0.1 * 0.9) / 6000 + (0.12 * 0.88) / 4000),
    0.5 * Math.sqrt((0.4 * 0.6) / 4000 + (0.42 * 0.58) / 6000),
  );
  expect((fair.interval[1] - fair.interval[0]) / 2).toBeCloseTo(1.96 * error, 4);
  const [{ answer }] = findMetrics([ask({ ...arms, strata: strata.slice(1) })]);
  expect(answer).toMatchObject({ error: { reason: 'strata_do_not_add_up', inStrata: 4000 } });
});

test('whatever the sums, nothing that is told is not a number', () => {
  const size = fc.constantFrom(0, 1, -3, 1e6, 1e-9, 1e150);
  const arm = fc
    .tuple(fc.constantFrom(2, 3, 1000, 1e9), size, fc.constantFrom(0, 1e-12, 1, 1e200))
    .map(([n, value, variance]) => mean(value, variance, n));
  const metric = fc.record({
    control: arm,
    treatment: arm,
    test: fc.constantFrom('welch' as const, 'sequential' as const, 'bayesian' as const),
    alternative: fc.constantFrom('two-sided' as const, 'greater' as const, 'less' as const),
    effect: fc.constantFrom('relative' as const, 'absolute' as const),
    alpha: fc.constantFrom(1e-9, 0.05, 0.9),
    prior: fc.constantFrom(null, { mean: 0, variance: 0, kind: 'relative' as const }),
    margin: fc.constantFrom(null, 0, 0.01, 3),
    isInverse: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(metric, { minLength: 1, maxLength: 3 }), (metrics) => {
      for (const { answer } of findMetrics(metrics.map(ask))) {
        if (!answer.ok) continue;
        const { control, treatment, ...told } = answer.value;
        const text = JSON.stringify(told, (_, value) => (Number.isNaN(value) ? 'NaN' : value));
        expect(text).not.toMatch(/NaN|undefined|Infinity/);
      }
    }),
    { numRuns: 300 },
  );
});
