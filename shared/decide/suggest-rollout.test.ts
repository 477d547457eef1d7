import { expect, test } from 'vitest';
import type { GateResult, RolloutView } from '../contracts/registry.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { suggestRollout } from './suggest-rollout.ts';

const gate = (verdict: GateResult['verdict'], settledAt: number | null = null): GateResult => ({
  metric: 'mae',
  verdict,
  challenger: 6,
  champion: 6,
  limit: 6.6,
  n: 150,
  needed: 100,
  settledAt,
});

const waiting: RolloutView = {
  id: 'r',
  model: 'delay-prediction',
  champion: '1.0.0',
  challenger: '1.1.0',
  strategy: 'shadow',
  status: 'running',
  steps: [1],
  plan: {
    steps: [{ share: 1, mode: 'shadow', holdMs: 0 }],
    pace: 'evidence',
    promotion: 'hand',
  },
  stepIndex: 0,
  stepStartedAt: '2026-11-21T10:00:00Z',
  startedAt: '2026-11-21T09:00:00Z',
  endedAt: null,
  reason: '',
  gates: [gate('pass'), { ...gate('pass'), n: 120 }],
};

/** An hour into the step unless said otherwise. */
const suggestAfter = (rollout: RolloutView | null, afterMs = HOUR_MS) =>
  suggestRollout(rollout, {
    nowMs: Date.parse(waiting.stepStartedAt) + afterMs,
    unit: 'min',
  });

test('a rollout that waits for somebody says so, with how much its gates rest on', () => {
  expect(suggestAfter(waiting)).toEqual([
    {
      action: 'promote',
      sentence: 'Promote 1.1.0, or roll it back: all 2 gates hold, on 120 samples or more each.',
      numbers: { gates: 2, samples: 120 },
    },
  ]);
});

test('an open gate says what would settle it, and when that is there', () => {
  const open = { ...waiting, gates: [gate('pass'), gate('inconclusive', 490)] };
  expect(suggestAfter(open)).toEqual([
    {
      action: 'wait',
      sentence:
        'Wait for about 340 more samples of 1.1.0 (about 2 hours as it goes now): they settle its mean absolute error, which has 150.',
      numbers: { samples: 150, more: 340, waitDays: 0.094 },
    },
  ]);
  const { settledAt: _, ...unknown } = gate('inconclusive');
  expect(suggestAfter({ ...waiting, gates: [unknown] })).toEqual([]);
});

test('of several open gates the one that takes longest is waited for', () => {
  const slow = { ...gate('insufficient_data', 100), metric: 'rmse', n: 10 };
  const open = { ...waiting, gates: [gate('inconclusive', 490), slow] };
  expect(suggestAfter(open)).toMatchObject([
    { action: 'wait', sentence: expect.stringContaining('root mean squared error, which has 10') },
  ]);
});

const canary: RolloutView = {
  ...waiting,
  plan: {
    steps: [
      { share: 0.05, mode: 'serve', holdMs: 0 },
      { share: 1, mode: 'serve', holdMs: 0 },
    ],
    pace: 'evidence',
    promotion: 'verdict',
  },
};

test('what cannot come in ninety days is not waited for: a larger step, a wider margin, or the champion', () => {
  const open = { ...canary, gates: [{ ...gate('inconclusive', 10_000), challenger: 6.65 }] };
  const [{ action, sentence, numbers }] = suggestAfter(open, 3 * DAY_MS);
  expect(action).toBe('decide');
  expect(sentence).toBe(
    'Do not wait: the mean absolute error of 1.1.0 is 6.65\u202fmin against a limit of 6.6\u202fmin, and about 9,900 more samples would take 200 days as it goes now. Take a larger step (at 50 % instead of 5 % it is about 37 days), give its gate a wider margin, or roll it back and keep 1.0.0.',
  );
  expect(numbers).toEqual({ samples: 150, more: 9850, waitDays: 200 });
  const steps = canary.plan.steps.map((step, i) => (i === 0 ? { ...step, share: 0.07 } : step));
  const uneven = { ...open, plan: { ...canary.plan, steps } };
  expect(suggestAfter(uneven, 3 * DAY_MS)[0].sentence).toContain('(at 50 % instead of 7 % it is');
});

test('a larger step is not offered where it would not do either', () => {
  const open = { ...canary, gates: [gate('inconclusive', 340_000)] };
  expect(suggestAfter(open, 3 * DAY_MS)[0].sentence).toMatch(
    /would take 19 years as it goes now\. Give its gate a wider margin, or roll it back and keep 1\.0\.0\.$/,
  );
});

test('a difference that a thousand times the samples would not settle is decided without them', () => {
  const open = { ...waiting, gates: [gate('inconclusive')] };
  expect(suggestAfter(open, HOUR_MS)).toEqual([]);
  expect(suggestAfter(open, DAY_MS)[0].sentence).toMatch(
    /^Do not wait: .* more than 150,000 more samples would take 3 years/,
  );
});

test('samples that do not come at all are not waited for, but not after a quiet hour', () => {
  const open = {
    ...canary,
    champion: null,
    gates: [{ ...gate('insufficient_data', 200), n: 0, needed: 200 }],
  };
  expect(suggestAfter(open, HOUR_MS)).toMatchObject([
    { action: 'wait', sentence: expect.stringMatching(/200 more samples of 1\.1\.0: they/) },
  ]);
  expect(suggestAfter(open, 3 * DAY_MS)[0].sentence).toBe(
    'Do not wait: the mean absolute error of 1.1.0 has 0 of 200 samples, and none came in 3 days. See that outcomes are sent, or roll it back.',
  );
});

test('nothing is suggested where the rollout goes on by itself, has ended, or is none', () => {
  const byVerdict = { ...waiting, plan: { ...waiting.plan, promotion: 'verdict' as const } };
  expect(suggestAfter(byVerdict)).toEqual([]);
  expect(suggestAfter({ ...waiting, status: 'promoted' })).toEqual([]);
  expect(suggestAfter(null)).toEqual([]);
  const byTime = { ...canary, plan: { ...canary.plan, pace: 'time' as const } };
  expect(suggestAfter({ ...byTime, gates: [gate('insufficient_data', 200)] })).toEqual([]);
});
