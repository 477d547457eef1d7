import { expect, test } from 'vitest';
import type { DriftResult, RolloutView } from '../../../shared/contracts/registry.ts';
import {
  driftBadge,
  gateBadge,
  gateLimit,
  metricFigure,
  metricLabel,
  rolloutSentence,
  ruleWords,
  strategyChoices,
} from './console-words.ts';

const drift: DriftResult = {
  input: 'Distance_km',
  verdict: 'drift',
  n: 900,
  needed: 200,
  psi: 0.31,
  statistic: 88,
  pValue: 1e-12,
  adjustedPValue: 1e-11,
  test: 'chi-square',
};

const limits = { minPsi: 0.1, alpha: 0.01 };

test('too little data is said with both numbers, never as no drift', () => {
  const few = driftBadge({ ...drift, verdict: 'insufficient_data', n: 120, psi: null }, limits);
  expect(few).toEqual({ tone: 'idle', words: 'Too little data: 120 of 200' });
});

test('a significant but small change does not look like an alert', () => {
  const noDrift = { ...drift, verdict: 'no_drift', psi: 0.02 } as const;
  expect(driftBadge({ ...noDrift, adjustedPValue: 1e-6 }, limits).words).toBe('Slight change');
  expect(driftBadge({ ...noDrift, adjustedPValue: 0.2 }, limits).words).toBe('No drift');
  expect(driftBadge(drift, limits).tone).toBe('warn');
  expect(driftBadge({ ...drift, psi: 0.02 }, limits)).toEqual({
    tone: 'idle',
    words: 'Slight change',
  });
});

test('an undecided gate is not shown as one that holds', () => {
  const gate = { metric: 'mae', challenger: 6, champion: 6, limit: 6.6, n: 150, needed: 100 };
  expect(gateBadge({ ...gate, verdict: 'inconclusive' }).words).toBe('Undecided');
  expect(gateBadge({ ...gate, verdict: 'inconclusive', settledAt: 900 }).words).toBe(
    'Undecided: 150 of about 900',
  );
  expect(gateBadge({ ...gate, verdict: 'fail' }).tone).toBe('bad');
});

test('figures are shown in the unit of their metric', () => {
  expect(metricFigure('fallback_rate', 0.0213, 'min')).toBe('2.13%');
  expect(metricFigure('latency_p95_ms', 3.21, 'min')).toBe('3.21\u202fms');
  expect(metricFigure('mae', null, 'min')).toBe('–');
  expect(metricFigure('mae', 6.123, 'min')).toBe('6.12\u202fmin');
  expect(metricFigure('group_mae_ratio:Berlin', 6.123, '$')).toBe('$6.12');
  expect(metricFigure('calibration_error', 0.0512, 'min')).toBe('5.12%');
  expect(metricFigure('brier', 0.1432, 'min')).toBe('0.143');
  expect(metricFigure('recall', 0.8, 'min')).toBe('80%');
  expect(metricFigure('latency_p95_ms:webgpu', 3.21, 'min')).toBe('3.21\u202fms');
});

test('a limit says on which side of it one must stay', () => {
  const gate = { verdict: 'pass', challenger: 1, champion: 1, n: 1, needed: 1 } as const;
  expect(gateLimit({ ...gate, metric: 'mae', limit: 6.6 }, 'min')).toBe('≤ 6.6\u202fmin');
  expect(gateLimit({ ...gate, metric: 'recall', limit: 0.8 }, '')).toBe('≥ 80%');
  expect(gateLimit({ ...gate, metric: 'mae', limit: null }, 'min')).toBe('–');
});

test('a gate of a part names the part', () => {
  expect(metricLabel('latency_p95_ms:webgpu')).toBe('Latency at the 95th percentile on webgpu');
  expect(metricLabel('group_mae_ratio:North: west')).toBe('Mean absolute error of North: west');
  expect(metricLabel('mae')).toBe('Mean absolute error');
  expect(metricLabel('business:sold')).toBe('Sold a prediction');
});

test('a silenced rule is told by what it is about', () => {
  expect(ruleWords('*')).toBe('Every rule');
  expect(ruleWords('mae')).toBe('Mean absolute error');
  expect(ruleWords('drift:Distance_km')).toBe('Drift: Distance_km');
  expect(ruleWords('loss')).toBe('Events that went missing');
});

test('the shadow is offered only where there is a champion to stand beside', () => {
  const values = (champion: string | null) => strategyChoices(champion).map(({ value }) => value);
  expect(values('1.0.0')).toContain('shadow');
  expect(values(null)).not.toContain('shadow');
});

test('a running rollout says whom it reaches and how far it has come', () => {
  const rollout: RolloutView = {
    id: 'r',
    model: 'delay-prediction',
    champion: '1.0.0',
    challenger: '1.1.0',
    strategy: 'canary',
    status: 'running',
    steps: [0.01, 0.05, 0.1, 0.25, 0.5, 1],
    plan: {
      steps: [0.01, 0.05, 0.1, 0.25, 0.5, 1].map((share) => ({ share, mode: 'serve', holdMs: 0 })),
      pace: 'evidence',
      promotion: 'verdict',
    },
    stepIndex: 2,
    stepStartedAt: '2026-11-21T10:00:00Z',
    startedAt: '2026-11-21T09:00:00Z',
    endedAt: null,
    reason: '',
    gates: [],
  };
  expect(rolloutSentence(rollout)).toBe('1.1.0 gets 10% of the traffic, step 3 of 6.');
  const plan: RolloutView['plan'] = {
    steps: [{ share: 0.5, mode: 'shadow', holdMs: 0 }],
    pace: 'evidence',
    promotion: 'hand',
  };
  expect(rolloutSentence({ ...rollout, strategy: 'shadow', plan, stepIndex: 0 })).toBe(
    '1.1.0 answers beside 1.0.0 on 50% of devices, for nobody to see, step 1 of 1.',
  );
});
