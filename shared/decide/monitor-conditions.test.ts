import { expect, test } from 'vitest';
import type { Monitors } from '../contracts/declaration.ts';
import { addOutcome, createProfile } from '../stats/profile/traffic-profile.ts';
import { judgeMonitors } from './monitor-conditions.ts';
import { summariseVersion } from './summarise-version.ts';

const monitors: Monitors = {
  drift: { minSamples: 100, alpha: 0.01, minPsi: 0.1, windowMs: 60_000 },
  fallbackRate: { max: 0.05, minSamples: 100 },
  errorRate: { max: 0.02, minSamples: 100 },
  mae: { max: 8, minSamples: 50 },
};

const labelOf = (input: string): string => input.toUpperCase();

function windowOf({ answers = 0, late = 0, outcomes = 0, error = 0, killed = 0 }) {
  const profile = createProfile(null);
  profile.predictions.model = answers;
  profile.reasons['deadline'] = late;
  profile.reasons['killed'] = killed;
  for (let i = 0; i < outcomes; i++)
    addOutcome(profile, { value: i % 2 ? 2 * error : 0, predicted: 0, source: 'model' });
  return profile;
}

function verdicts(profile: ReturnType<typeof windowOf>): Record<string, string> {
  const conditions = judgeMonitors(monitors, { profile, drift: [], unit: 'min', labelOf });
  return Object.fromEntries(conditions.map(({ rule, verdict }) => [rule, verdict]));
}

test('a rate fires when its lower bound is beyond the limit and is clear when its estimate is within', () => {
  expect(verdicts(windowOf({ answers: 800, late: 200 })).fallback_rate).toBe('firing');
  expect(verdicts(windowOf({ answers: 940, late: 60 })).fallback_rate).toBe('unknown');
  expect(verdicts(windowOf({ answers: 960, late: 40 })).fallback_rate).toBe('clear');
});

test('a missed deadline is no error, and a kill switch trips no monitor', () => {
  expect(verdicts(windowOf({ answers: 800, late: 200 })).error_rate).toBe('clear');
  expect(verdicts(windowOf({ answers: 200, killed: 800 })).fallback_rate).toBe('clear');
});

test('too few answers or outcomes are unknown', () => {
  const few = verdicts(windowOf({ answers: 10, late: 80, outcomes: 49, error: 90 }));
  expect(few).toEqual({ fallback_rate: 'unknown', error_rate: 'unknown', mae: 'unknown' });
});

test('MAE fires when it is shown beyond its limit, with the numbers in words', () => {
  const profile = windowOf({ outcomes: 200, error: 14 });
  const condition = judgeMonitors(monitors, { profile, drift: [], unit: 'min', labelOf }).find(
    ({ rule }) => rule === 'mae',
  );
  expect(condition).toMatchObject({
    verdict: 'firing',
    summary: 'MAE 14\u202fmin over 200 outcomes, limit 8\u202fmin',
  });
  expect(verdicts(windowOf({ outcomes: 200, error: 8.2 })).mae).toBe('unknown');
});

test('drift fires and clears by its verdict', () => {
  const result = {
    input: 'distance',
    verdict: 'drift' as const,
    n: 400,
    needed: 100,
    psi: 0.31,
    statistic: 90,
    pValue: 1e-9,
    adjustedPValue: 1e-8,
    test: 'chi-square' as const,
  };
  const [condition] = judgeMonitors(monitors, {
    profile: windowOf({}),
    drift: [result],
    unit: 'min',
    labelOf,
  });
  expect(condition).toEqual({
    rule: 'drift:distance',
    severity: 'warning',
    verdict: 'firing',
    summary: 'Drift of DISTANCE: PSI 0.31, adjusted p < 0.0001, n 400',
  });
});

test('a summary of nothing is null where a number would be made up', () => {
  expect(summariseVersion(null, createProfile(null))).toMatchObject({
    predictions: 0,
    fallbackRate: null,
    errorRate: null,
    latencyMs: { p50: null, p95: null, p99: null },
    mae: null,
    rmse: null,
    r2: null,
    fallbackMae: null,
  });
});

test('a summary agrees with the numbers by hand', () => {
  const profile = windowOf({ answers: 90, late: 10 });
  for (const [value, predicted] of [
    [10, 12],
    [20, 19],
    [30, 30],
  ])
    addOutcome(profile, { value, predicted, source: 'model' });
  addOutcome(profile, { value: 10, predicted: 15, source: 'fallback' });
  const summary = summariseVersion('1.0.0', profile);
  expect(summary.fallbackRate).toBeCloseTo(0.1);
  expect(summary.mae).toBeCloseTo(1);
  expect(summary.rmse).toBeCloseTo(Math.sqrt(5 / 3));
  expect(summary.r2).toBeCloseTo(1 - 5 / 200);
  expect(summary.fallbackMae).toBeCloseTo(5);
});

test('a classifier is held to its Brier score, and summarised by its own figures', () => {
  const { mae: _, ...others } = monitors;
  const profile = createProfile(null, 'binary');
  for (let i = 0; i < 200; i++)
    addOutcome(profile, { value: i % 2, predicted: 0.8, source: 'model' });
  addOutcome(profile, { value: 1, predicted: 0.5, source: 'fallback' });
  const brier = { max: 0.2, minSamples: 50 };
  const conditions = judgeMonitors(
    { ...others, brier },
    { profile, drift: [], unit: 'min', labelOf },
  );
  expect(conditions.find(({ rule }) => rule === 'brier')).toMatchObject({
    verdict: 'firing',
    summary: 'Brier score 0.34 over 200 outcomes, limit 0.2',
  });
  const classes = [
    { value: 'no', label: 'No' },
    { value: 'yes', label: 'Yes' },
  ] as [{ value: string; label: string }, { value: string; label: string }];
  const { classifier, mae } = summariseVersion('1.0.0', profile, {
    ...{ type: 'binary', classes, threshold: 0.5 },
  });
  expect(mae).toBeNull();
  expect(classifier).toMatchObject({ accuracy: 0.5, precision: 0.5, recall: 1, rocAuc: 0.5 });
  expect(classifier?.brier).toBeCloseTo(0.34, 12);
  expect(classifier?.calibrationError).toBeCloseTo(0.3, 2);
  expect(classifier?.fallbackBrier).toBeCloseTo(0.25, 12);
});
