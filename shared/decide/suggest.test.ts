import { expect, test } from 'vitest';
import type { DriftResult, VersionSummary } from '../contracts/registry.ts';
import { createProfile } from '../stats/profile/traffic-profile.ts';
import { suggest } from './suggest.ts';
import { summariseVersion } from './summarise-version.ts';

const healthy: VersionSummary = {
  ...summariseVersion('1.0.0', createProfile(null)),
  predictions: 5000,
  bySource: { model: 5000, fallback: 0 },
  fallbackRate: 0,
  outcomes: 400,
  mae: 6,
};
const moved: DriftResult = {
  input: 'distance',
  verdict: 'drift',
  n: 500,
  needed: 100,
  psi: 0.32,
  statistic: 80,
  pValue: 1e-9,
  adjustedPValue: 1e-8,
  test: 'combined',
};
const expected = { loss: 'mae', mean: 6 } as const;
const sentences = (summary: Partial<VersionSummary>, drift: DriftResult[] = []): string[] =>
  suggest({ ...healthy, ...summary }, drift, expected).map(({ sentence }) => sentence);

test('a healthy champion needs nothing', () => {
  expect(sentences({})).toEqual([]);
});

test('an error that grew suggests retraining, with the inputs that moved or that none did', () => {
  expect(sentences({ mae: 9 }, [moved])).toEqual([
    'Retrain: MAE is 9 over 400 outcomes, 6 when tested. Inputs that moved: distance (PSI 0.32).',
  ]);
  expect(sentences({ mae: 9 })[0]).toContain('the relation itself may have changed');
});

test('drift that did not hurt is watched; a model worse than its fallback is turned off', () => {
  expect(sentences({}, [moved])).toEqual([
    'Watch distance (PSI 0.32): moved from the reference, MAE is still 6.',
  ]);
  expect(sentences({ mae: 9, fallbackMae: 8 })[0]).toContain("its MAE is 9, the fallback's 8");
});

test('missed deadlines and broken files are told apart, and missing outcomes asked for', () => {
  const failing = { bySource: { model: 4000, fallback: 1000 }, fallbackRate: 0.2 };
  expect(sentences({ ...failing, byReason: { deadline: 1000 } })[0]).toContain(
    '1000 of 5000 answers missed it',
  );
  expect(sentences({ ...failing, byReason: { integrity: 1000 } })[0]).toContain(
    'Check what is served',
  );
  expect(sentences({ outcomes: 3, mae: null })).toEqual([
    'Send outcomes: 3 for 5000 predictions, so the error is not known.',
  ]);
});

test('a classifier is spoken of by its Brier score', () => {
  const figures = {
    ...{ logLoss: 0.5, rocAuc: 0.8, accuracy: 0.7, precision: 0.7, recall: 0.7 },
    calibrationError: 0.1,
  };
  const ofClassifier = (brier: number | null, fallbackBrier: number | null): string[] =>
    suggest({ ...healthy, mae: null, classifier: { ...figures, brier, fallbackBrier } }, [], {
      loss: 'brier',
      mean: 0.16,
    }).map(({ sentence }) => sentence);
  expect(ofClassifier(0.17, 0.2)).toEqual([]);
  expect(ofClassifier(0.21, null)).toEqual([
    'Retrain: Brier score is 0.21 over 400 outcomes, 0.16 when tested. No input moved: the relation itself may have changed.',
  ]);
  expect(ofClassifier(0.21, 0.2)[0]).toContain("its Brier score is 0.21, the fallback's 0.2");
});
