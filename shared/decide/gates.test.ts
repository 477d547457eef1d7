import { expect, test } from 'vitest';
import type { Gate } from '../contracts/declaration.ts';
import type { Profile } from '../contracts/profile.ts';
import { addNumber } from '../stats/profile/column-profile.ts';
import { addOutcome, createProfile } from '../stats/profile/traffic-profile.ts';
import type { StepEvidence } from './gate-question.ts';
import { judgeGates } from './gates.ts';

type Side = {
  outcomes?: number;
  error?: number;
  answers?: number;
  failures?: number;
  refusals?: number;
  latencyMs?: number;
};

/** Errors alternate 0 and twice the mean, so the sample has spread. */
function side({
  outcomes = 0,
  error = 0,
  answers = 0,
  failures = 0,
  refusals = 0,
  latencyMs = 2,
}: Side): Profile {
  const profile = createProfile(null);
  for (let i = 0; i < outcomes; i++)
    addOutcome(profile, { value: i % 2 ? 2 * error : 0, predicted: 0, source: 'model' });
  for (let i = 0; i < answers; i++) addNumber(profile.latencyMs, latencyMs);
  profile.predictions.model = answers;
  profile.reasons['runtime'] = failures;
  profile.incidents['integrity'] = refusals;
  return profile;
}

const step = (challenger: Side, champion: Side | null): StepEvidence => ({
  challenger: side(challenger),
  champion: champion && side(champion),
});

const verdictOf = (gate: Gate, steps: StepEvidence[]): string =>
  judgeGates([gate], steps)[0].verdict;

const maeRatio: Gate = { metric: 'mae', maxRatioToChampion: 1.1, minSamples: 100 };
const maeMax: Gate = { metric: 'mae', max: 10, minSamples: 100 };
const errorMax: Gate = { metric: 'error_rate', max: 0.05, minSamples: 100 };
const fallbackRatio: Gate = { metric: 'fallback_rate', maxRatioToChampion: 2, minSamples: 100 };
const latencyMax: Gate = { metric: 'latency_p95_ms', max: 50, minSamples: 100 };

test('a challenger as good as the champion passes its ratio with enough outcomes', () => {
  const results = judgeGates(
    [maeRatio],
    [step({ outcomes: 200, error: 6 }, { outcomes: 2000, error: 6 })],
  );
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({ metric: 'mae', verdict: 'pass', n: 200, needed: 100 });
  expect(results[0].challenger).toBeCloseTo(6, 12);
  expect(results[0].limit).toBeCloseTo(6.6, 12);
});

test('a much worse challenger fails, a little worse one is inconclusive', () => {
  const champion = { outcomes: 2000, error: 6 };
  expect(verdictOf(maeRatio, [step({ outcomes: 200, error: 12 }, champion)])).toBe('fail');
  expect(verdictOf(maeRatio, [step({ outcomes: 120, error: 6.8 }, champion)])).toBe('inconclusive');
});

test('a challenger that devices refuse fails, although the champion answers in its place', () => {
  const champion = { answers: 5000 };
  expect(verdictOf(errorMax, [step({ refusals: 200 }, champion)])).toBe('fail');
  expect(verdictOf(errorMax, [step({ refusals: 20 }, champion)])).toBe('insufficient_data');
  expect(verdictOf(errorMax, [step({ answers: 5000, refusals: 20 }, champion)])).toBe('pass');
});

test('samples are counted in the current step, failure over the whole rollout', () => {
  const bad = step({ outcomes: 200, error: 20 }, { outcomes: 2000, error: 6 });
  const good = step({ outcomes: 200, error: 6 }, { outcomes: 2000, error: 6 });
  const fresh = step({ outcomes: 3, error: 6 }, { outcomes: 3, error: 6 });
  expect(verdictOf(maeRatio, [good, fresh])).toBe('insufficient_data');
  expect(verdictOf(maeRatio, [bad, fresh])).toBe('fail');
});

test('the last step has no champion traffic and is judged on the steps before', () => {
  const half = step({ outcomes: 500, error: 6 }, { outcomes: 500, error: 6 });
  const whole = step({ outcomes: 500, error: 9 }, {});
  expect(judgeGates([maeRatio], [half, whole])[0]).toMatchObject({ verdict: 'pass', n: 500 });
});

test('hours that are harder for both sides do not look like a difference', () => {
  const easy = step({ outcomes: 100, error: 4 }, { outcomes: 10_000, error: 4 });
  const hard = step({ outcomes: 5000, error: 12 }, { outcomes: 5000, error: 12 });
  expect(judgeGates([maeRatio], [easy, hard])[0]).toMatchObject({ verdict: 'pass' });
});

test('a model without a champion passes its ratios and is held to its own bounds', () => {
  expect(verdictOf(maeRatio, [step({ outcomes: 200, error: 6 }, null)])).toBe('pass');
  expect(verdictOf(fallbackRatio, [step({ answers: 200 }, null)])).toBe('pass');
  expect(verdictOf(maeMax, [step({ outcomes: 200, error: 30 }, null)])).toBe('fail');
});

test('an RMSE bound is judged on squared errors', () => {
  const gate: Gate = { metric: 'rmse', max: 10, minSamples: 100 };
  expect(judgeGates([gate], [step({ outcomes: 200, error: 5 }, null)])[0]).toMatchObject({
    verdict: 'pass',
    challenger: Math.sqrt(50),
  });
  expect(verdictOf(gate, [step({ outcomes: 400, error: 20 }, null)])).toBe('fail');
});

test('a rate fails on shown excess, passes within its bound and holds between', () => {
  expect(verdictOf(errorMax, [step({ answers: 300, failures: 60 }, null)])).toBe('fail');
  expect(verdictOf(errorMax, [step({ answers: 300, failures: 3 }, null)])).toBe('pass');
  expect(verdictOf(errorMax, [step({ answers: 300, failures: 19 }, null)])).toBe('inconclusive');
  expect(verdictOf(errorMax, [step({ answers: 20, failures: 10 }, null)])).toBe(
    'insufficient_data',
  );
});

test('a rate is compared with the champion over the same steps', () => {
  const champion = { answers: 5000, failures: 50 };
  expect(verdictOf(fallbackRatio, [step({ answers: 1000, failures: 100 }, champion)])).toBe('fail');
  expect(verdictOf(fallbackRatio, [step({ answers: 1000, failures: 12 }, champion)])).toBe('pass');
});

test('latency fails when more than 5 in 100 answers are shown to be slower than the bound', () => {
  expect(verdictOf(latencyMax, [step({ answers: 200, latencyMs: 80 }, null)])).toBe('fail');
  expect(verdictOf(latencyMax, [step({ answers: 200, latencyMs: 8 }, null)])).toBe('pass');
});

test('a gate with two bounds gives two results, and no evidence is insufficient data, never NaN', () => {
  const gates: Gate[] = ['mae', 'rmse', 'error_rate', 'fallback_rate', 'latency_p95_ms'].map(
    (metric) => ({
      metric: metric as Gate['metric'],
      max: 1,
      maxRatioToChampion: 1,
      minSamples: 10,
    }),
  );
  const results = judgeGates(gates, [step({}, {})]);
  expect(results).toHaveLength(10);
  for (const result of results) {
    expect(result.verdict).toBe('insufficient_data');
    expect(Object.values(result)).not.toContain(Number.NaN);
  }
});
