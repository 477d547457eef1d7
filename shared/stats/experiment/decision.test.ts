import { expect, test } from 'vitest';
import type { ArmStatistics } from './arm.ts';
import { type DecisionEvidence, decideExperiment } from './decision.ts';
import { findMetrics, type MetricAnswer, type MetricQuestion } from './findings.ts';
import { intervalLaw } from './next-look.ts';
import { planExperiment } from './plan.ts';
import { unitsNeeded } from './power.ts';

const asked = {
  test: 'welch' as const,
  alternative: 'two-sided' as const,
  effect: 'absolute' as const,
  alpha: 0.05,
  tuning: 5000,
  prior: null,
};
const lawOf = (more: Partial<Parameters<typeof intervalLaw>[1]> = {}) =>
  intervalLaw({ standardError: 0.01, n: 4000 }, { ...asked, level: 0.05, controlMean: 1, ...more });

const evidence: DecisionEvidence = {
  direction: 'unsettled',
  interval: [-0.01, 0.03],
  n: 4000,
  law: lawOf(),
  minEffect: 0.01,
  margin: null,
  sampleRatioP: 0.5,
  scale: 'absolute',
  isInverse: false,
  metrics: 1,
  canShowGain: true,
};
const margin = { margin: 0.02, bound: -0.03, law: lawOf({ isOneSided: true }) };

test.each<[Partial<DecisionEvidence>, string, RegExp]>([
  [{ sampleRatioP: 1e-5 }, 'stop', /split is broken/],
  [{ direction: 'worse', interval: [-0.05, -0.01] }, 'stop', /harm/],
  [{ direction: 'better', interval: [0.002, 0.03] }, 'ship', /0.002 to 0.03/],
  [{ interval: [-0.02, 0.004] }, 'stop', /worth having/],
  [
    { direction: 'better', interval: [0.0004, 0.0026] },
    'stop',
    /the effect is 0.0004 to 0.0026, short of the 0.01 worth having/,
  ],
  [
    {
      direction: 'better',
      interval: [0.0004, 0.0026],
      margin: { ...margin, verdict: 'not_worse' },
    },
    'ship',
    /0.0004 to 0.0026/,
  ],
  [{}, 'keep_running', /Keep running until 31396 units/],
  [{ metrics: 6 }, 'keep_running', /adjusted for 6 metrics/],
  [{ law: lawOf({ level: 0.001 }) }, 'keep_running', /until 68299 units/],
  [{ law: lawOf({ test: 'sequential' }) }, 'keep_running', /until 68071 units/],
  [
    { n: 40_000, interval: [-0.004, 0.013] },
    'keep_running',
    /until 61464 units: 40000 units were enough to show 0.01 with chance 0.8, but/,
  ],
  [
    { n: 40_000, interval: [-0.004, Infinity], law: lawOf({ alternative: 'greater' }) },
    'stop',
    /were enough to show 0.01 .* and none is shown: the effect is −0.004 to ∞/,
  ],
  [
    { canShowGain: false, interval: [-Infinity, 0.03] },
    'keep_running',
    /the effect is .∞ to 0.03, and this one-sided question can only show harm/,
  ],
  [{ canShowGain: false, interval: [-Infinity, 0.004] }, 'stop', /short of the 0.01 worth having/],
  [{ isInverse: true }, 'keep_running', /the effect is −0.03 to 0.01,/],
  [
    { isInverse: true, interval: [-0.02, 0.004] },
    'stop',
    /the effect is −0.004 to 0.02, short of the −0.01 worth having/,
  ],
  [{ minEffect: 0 }, 'keep_running', /until more data/],
  [
    { margin: { ...margin, verdict: 'not_worse', bound: -0.01 } },
    'ship',
    /not worse .* 0.02 borne/,
  ],
  [
    { direction: 'worse', margin: { ...margin, verdict: 'not_worse', bound: -0.01 } },
    'ship',
    /it is worse, but not worse by more than the 0.02 borne: at worst −0.01/,
  ],
  [{ margin: { ...margin, verdict: 'worse' } }, 'stop', /worse by more than the 0.02 borne/],
  [{ n: 4000, margin: { ...margin, verdict: 'unsettled' } }, 'keep_running', /until 6183 units/],
  [{ n: 9000, margin: { ...margin, verdict: 'unsettled' } }, 'stop', /9000 units were enough/],
])('%j: %s, %s', (overrides, action, words) => {
  const decision = decideExperiment({ ...evidence, ...overrides });
  expect(decision.sentence).toMatch(words);
  expect(decision.action).toBe(action);
  const until = /until (\d+) units/.exec(decision.sentence);
  expect(decision.untilUnits).toBe(until ? Number(until[1]) : null);
});

const mean = (n: number, value: number, variance: number): ArmStatistics => ({
  kind: 'mean',
  n,
  sum: n * value,
  sumSquares: n * value * value + variance * (n - 1),
});

function answerOf(more: Partial<MetricQuestion>): MetricAnswer {
  const [{ answer }] = findMetrics([
    {
      ...asked,
      name: 'minutes',
      control: mean(400, 10, 9),
      treatment: mean(500, 9.9, 12),
      margin: 0.5,
      minEffect: null,
      weights: null,
      days: [],
      segments: [],
      ...more,
    },
  ]);
  if (!answer.ok) throw new Error(answer.error.reason);
  return answer.value;
}

test("not worse: p is that of scipy 1.10.1's one-sided Welch test of means moved by the margin", () => {
  const { nonInferiority, decision } = answerOf({});
  expect(nonInferiority!.pValue).toBeCloseTo(0.031966112671590226, 12);
  expect(nonInferiority!.bound).toBeCloseTo(-0.45506252005948167, 10);
  expect(nonInferiority!.verdict).toBe('not_worse');
  expect(decision).toMatchObject({ action: 'ship' });
});

test('not worse is told by a posterior and by a sequence that may be watched, at one level each', () => {
  const bayesian = answerOf({ test: 'bayesian' }).nonInferiority!;
  expect(bayesian).toMatchObject({ pValue: null, verdict: 'not_worse' });
  expect(bayesian.chance).toBeCloseTo(0.9681987151896233, 12);
  const watched = answerOf({ test: 'sequential' }).nonInferiority!;
  expect(watched.pValue).toBeGreaterThan(0.031966112671590226);
  for (const test of ['welch', 'sequential', 'bayesian'] as const) {
    const { bound } = answerOf({ test }).nonInferiority!;
    const justBorne = answerOf({ test, margin: -bound + 1e-9 }).nonInferiority!;
    const justNot = answerOf({ test, margin: -bound - 1e-9 }).nonInferiority!;
    expect([justBorne.verdict, justNot.verdict]).toEqual(['not_worse', 'unsettled']);
  }
});

test('where less is better, not worse is not more by more', () => {
  const turned = { isInverse: true, control: mean(500, 9.9, 12), treatment: mean(400, 10, 9) };
  const { nonInferiority } = answerOf(turned);
  expect(nonInferiority!.pValue).toBeCloseTo(0.031966112671590226, 12);
  expect(nonInferiority!.bound).toBeCloseTo(0.45506252005948167, 10);
  const worse = answerOf({ ...turned, treatment: mean(400, 12, 9) });
  expect(worse).toMatchObject({
    nonInferiority: { verdict: 'worse' },
    decision: { action: 'stop' },
  });
});

const plan = { ...asked, baseline: 4, deviation: 0.3, minEffect: 0.01, power: 0.8, ratio: 1 };
const planned = (more: Partial<Parameters<typeof planExperiment>[0]>) => {
  const answer = planExperiment({ ...plan, ...more });
  if (!answer.ok) throw new Error(answer.error.reason);
  return answer.value;
};

test('a plan tells units, power and detectable effect, which are each other turned around', () => {
  const units = unitsNeeded({ ...asked, variance: 0.09, effect: 0.01, power: 0.8 });
  expect(units).toBe(14_128);
  expect(planned({})).toMatchObject({ control: units, treatment: units, given: null });
  const { given } = planned({ units: 28_256 });
  expect(given!.power).toBeCloseTo(0.8, 3);
  expect(given!.detectable).toBeCloseTo(0.01, 5);
  const two = planned({ ratio: 2 });
  expect(two.treatment! / two.control!).toBeCloseTo(2, 3);
  expect(planned({ minEffect: undefined, units: 1000 }).units).toBeNull();
});

test('a one-sided question of the side that is worse is not planned or run to show a gain', () => {
  const sides = [
    { alternative: 'less' as const },
    { alternative: 'greater' as const, isInverse: true },
  ];
  for (const side of sides) {
    const refused = planExperiment({ ...plan, ...side });
    expect(refused).toMatchObject({ ok: false, error: { reason: 'shows_no_gain' } });
    expect(planned({ ...side, minEffect: undefined, margin: 0.01 }).units).toBeGreaterThan(0);
    expect(planned({ ...side, test: 'bayesian' }).units).toBeGreaterThan(0);
    const { decision } = answerOf({ ...side, margin: null, minEffect: 0.01 });
    expect(decision).toMatchObject({ action: 'keep_running', untilUnits: null });
    expect(decision!.sentence).toContain('can only show harm');
  }
});

test('a plan has two units in an arm at least, and is of values that differ', () => {
  expect(planned({ minEffect: 100 })).toMatchObject({ units: 4, control: 2, treatment: 2 });
  const uneven = planned({ minEffect: 1, ratio: 1000 });
  expect([uneven.control, uneven.units]).toEqual([2, 2 + uneven.treatment!]);
  const alike = { deviation: undefined, minEffect: undefined, margin: 0.01 };
  for (const baseline of [0, 1]) {
    const refused = planExperiment({ ...plan, ...alike, baseline });
    expect(refused).toMatchObject({ ok: false, error: { reason: 'no_spread' } });
  }
  const few = planExperiment({ ...plan, units: 3 });
  expect(few).toMatchObject({ ok: false, error: { reason: 'too_few_units', n: 1, needed: 2 } });
});

test('looking as often as one likes costs units; a rate has its own variance in each arm', () => {
  expect(planned({ test: 'sequential' }).units).toBeGreaterThan(1.5 * planned({}).units!);
  const rate = {
    deviation: undefined,
    baseline: 0.1,
    minEffect: 0.05,
    effect: 'relative' as const,
  };
  expect(planned(rate).units).toBe(121_314);
  const impossible = planExperiment({ ...plan, ...rate, baseline: 0.99 });
  expect(impossible).toMatchObject({ ok: false, error: { reason: 'no_rate' } });
  const prior = { mean: 0, variance: 0, kind: 'absolute' as const };
  expect(planned({ test: 'bayesian', prior }).units).toBeNull();
});
