import { expect, test } from 'vitest';
import type { Task } from '../../../shared/contracts/declaration.ts';
import type { VersionSummary } from '../../../shared/contracts/registry.ts';
import {
  fallbackQuality,
  liveQuality,
  outcomeRateWords,
  qualityCards,
  trainedQuality,
} from './quality-words.ts';

const binary: Task = {
  type: 'binary',
  classes: [
    { value: 'no', label: 'Stays' },
    { value: 'yes', label: 'Leaves' },
  ],
  threshold: 0.4,
};
const ofNumbers = { mae: 6.123, rmse: 8, r2: 0.81, rows: 900 };
const ofClasses = {
  ...{ roc_auc: 0.8412, pr_auc: 0.6, log_loss: 0.4, brier: 0.1432, accuracy: 0.8, ece: 0.02 },
  rows: 900,
};
const live: VersionSummary = {
  ...{ version: '1.0.0', predictions: 900, bySource: { model: 900, fallback: 0 }, byReason: {} },
  ...{ fallbackRate: 0, errorRate: 0, latencyMs: { p50: 1, p95: 2, p99: 3 }, outcomes: 400 },
  ...{ mae: 7, rmse: 9, r2: 0.7, fallbackMae: 11 },
};
const classifier = {
  ...{ brier: 0.151, logLoss: 0.44, rocAuc: 0.83, accuracy: 0.79, precision: 0.62, recall: 0.55 },
  ...{ calibrationError: 0.0213, fallbackBrier: null },
};
const liveClassifier: VersionSummary = {
  ...live,
  ...{ mae: null, rmse: null, r2: null, fallbackMae: null },
  classifier,
};

test('a regression is told by its error in its unit', () => {
  expect(trainedQuality({ crossValidation: ofNumbers, test: null }, 'min')).toEqual({
    main: '6.12\u202fmin',
    below: 'R² 0.81, cross-validated',
  });
  expect(liveQuality(live, 'min')).toEqual({ main: '7\u202fmin', below: '400 outcomes' });
  expect(fallbackQuality(live, ofNumbers, 'min')).toEqual({ main: '11\u202fmin', below: 'in use' });
  const task = { type: 'regression', unit: 'min' } as const;
  expect(qualityCards(live, task, 'min')).toEqual([
    { name: 'Error against outcomes', main: '7\u202fmin', below: 'mean of 400, R² 0.7' },
  ]);
});

test('a classifier is told by its Brier score, calibration and decisions, without a unit', () => {
  expect(trainedQuality({ crossValidation: ofNumbers, test: ofClasses }, 'min')).toEqual({
    main: '0.143',
    below: 'ROC-AUC 0.841, test rows',
  });
  expect(liveQuality(liveClassifier, 'min').main).toBe('0.151');
  expect(fallbackQuality(liveClassifier, ofClasses, 'min')).toEqual({
    main: '0.143',
    below: 'in training',
  });
  expect(qualityCards(liveClassifier, binary, '').map(({ main, below }) => [main, below])).toEqual([
    ['0.151', 'mean of 400, ROC-AUC 0.83'],
    ['2.13%', 'between what is told and what happens'],
    ['79%', 'precision 62%, recall 55%, from 40% on'],
  ]);
});

test('nothing known is a dash and said so, of either task', () => {
  for (const task of [binary, { type: 'regression', unit: 'min' } as const]) {
    const [first] = qualityCards(undefined, task, 'min');
    expect(first).toMatchObject({ main: '–', below: 'no outcomes yet' });
  }
  expect(liveQuality(undefined, 'min')).toEqual({ main: '–', below: 'no outcomes' });
  expect(fallbackQuality(undefined, null, 'min').main).toBe('–');
});

test('how often it happens is said beside how often it did', () => {
  expect(outcomeRateWords({ now: 0.31, n: 400, reference: 0.265 }, 'Leaves')).toBe(
    '“Leaves” happened in 31% of 400 outcomes, in 26.5% of the rows that the model was trained on.',
  );
  expect(outcomeRateWords({ now: null, n: 0, reference: 0.265 }, 'Leaves')).toContain(
    'no outcomes say yet',
  );
});
