import { expect, test } from 'vitest';
import type { ModelSummary, ModelView, VersionSummary } from '../../shared/contracts/registry.ts';
import { describeModel, describeModels } from './model.ts';

const model: ModelView = {
  ...{ model: 'churn', title: 'Churn', champion: '1.0.0', challenger: null, mlEnabled: true },
  ...{ trafficPercentage: 100, fallbackOnError: true, versions: ['1.0.0'] },
};
const version: VersionSummary = {
  ...{ version: '1.0.0', predictions: 900, bySource: { model: 900, fallback: 0 }, byReason: {} },
  ...{ fallbackRate: 0, errorRate: 0, latencyMs: { p50: 1, p95: 2, p99: 3 }, outcomes: 400 },
  ...{ mae: null, rmse: null, r2: null, fallbackMae: null },
};
const classifier = {
  ...{ brier: 0.1432, logLoss: 0.44, rocAuc: 0.8412, accuracy: 0.7951, precision: 0.62 },
  ...{ recall: null, calibrationError: 0.0213, fallbackBrier: null },
};
const summary: ModelSummary = {
  ...{ model: 'churn', revision: 3, foldedAt: '2026-11-21T10:00:00Z', windowMs: 60_000 },
  ...{ predictionsPerMinute: 12, versions: [{ ...version, classifier }], driftVersion: '1.0.0' },
  drift: [
    {
      ...{ input: 'tenure', verdict: 'no_drift', n: 900, needed: 100, psi: 0.01, statistic: 3 },
      ...{ pValue: 0.4, adjustedPValue: 0.4, test: 'combined' },
    },
  ],
  outcomeRate: { now: 0.31, n: 400, reference: 0.265 },
  totals: {
    ...{ batches: 3, events: 1300, predictions: 900, outcomes: 400, incidents: 0, missing: 0 },
    dropped: 0,
  },
  alerts: [],
};

test('the last whole hour is told beside what was expected of it, and not at all where it was not asked for', () => {
  const none = { value: null, expected: null, interval: null, season: null, since: null };
  const hour = '2026-11-21T09:00:00.000Z';
  const usual = { ...none, verdict: 'usual', season: 'hour-of-week' } as const;
  const activity: ModelSummary['activity'] = {
    hour,
    series: [
      {
        ...usual,
        name: 'predictions',
        verdict: 'unusual',
        value: 100,
        expected: 213.6,
        since: hour,
      },
      { ...usual, name: 'fallback_rate', value: 0.02, expected: 0.0213 },
      { ...none, name: 'loss', verdict: 'insufficient_data' },
    ],
  };
  const told = (of: ModelSummary) =>
    describeModel({ model, rollout: null, summary: of }).join('\n');
  expect(told({ ...summary, activity })).toContain(
    'In the hour from 2026-11-21 09:00 UTC: predictions 100 (unusual, expected 214), fallback rate 2 % (usual, expected 2.13 %), loss - (too little history).',
  );
  expect(told(summary)).not.toContain('In the hour');
});

test('a classifier is told by its own figures, and how often what it predicts happens', () => {
  const text = describeModel({ model, rollout: null, summary }).join('\n');
  expect(text).toMatch(/brier +roc-auc +accuracy +precision +recall +calibration error/);
  expect(text).toMatch(/0\.143 +0\.841 +79\.5 % +62 % +- +2\.13 %/);
  expect(text).toContain('Positive now: 31 % of 400 outcomes; of the rows trained on: 26.5 %.');
  expect(text).not.toMatch(/mae/i);
});

test('the list of models says of each what its outcomes do', () => {
  const regression = { ...summary, versions: [{ ...version, mae: 6.123 }] };
  const lines = describeModels([
    { model, rollout: null, summary },
    { model, rollout: null, summary: regression },
    { model, rollout: null, summary: { ...summary, versions: [version] } },
  ]);
  expect(lines[1]).toContain('Brier 0.143, ROC-AUC 0.841');
  expect(lines[2]).toContain('MAE 6.12');
  expect(lines[3]).toMatch(/0 % +- +0$/);
});
