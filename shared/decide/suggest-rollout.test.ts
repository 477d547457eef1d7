import { expect, test } from 'vitest';
import type { GateResult, RolloutView } from '../contracts/registry.ts';
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

test('a rollout that waits for somebody says so, with how much its gates rest on', () => {
  expect(suggestRollout(waiting)).toEqual([
    {
      action: 'promote',
      sentence: 'Promote 1.1.0, or roll it back: all 2 gates hold, on 120 samples or more each.',
      numbers: { gates: 2, samples: 120 },
    },
  ]);
});

test('an open gate says what would settle it', () => {
  const open = { ...waiting, gates: [gate('pass'), gate('inconclusive', 490)] };
  expect(suggestRollout(open)).toMatchObject([{ action: 'wait', numbers: { more: 340 } }]);
  const unknown = { ...waiting, gates: [gate('inconclusive')] };
  expect(suggestRollout(unknown)).toEqual([]);
});

test('nothing is suggested where the rollout goes on by itself, has ended, or is none', () => {
  const byVerdict = { ...waiting, plan: { ...waiting.plan, promotion: 'verdict' as const } };
  expect(suggestRollout(byVerdict)).toEqual([]);
  expect(suggestRollout({ ...waiting, status: 'promoted' })).toEqual([]);
  expect(suggestRollout(null)).toEqual([]);
});
