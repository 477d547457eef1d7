import { expect, test } from 'vitest';
import type { Gate } from '../contracts/declaration.ts';
import type { Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { addOutcome, createProfile } from '../stats/profile/traffic-profile.ts';
import type { StepEvidence } from './gate-question.ts';
import { judgeGates } from './gates.ts';

const minSamples = 100;

/** `n` outcomes of each probability, of which the given share is positive. */
function classified(n: number, shares: Record<number, number>): Profile {
  const profile = createProfile(null, 'binary');
  for (const [probability, share] of Object.entries(shares))
    for (let i = 0; i < n; i++) {
      const value = i < Math.round(share * n) ? 1 : 0;
      addOutcome(profile, { value, predicted: Number(probability), source: 'model' });
    }
  return profile;
}

const step = (challenger: Profile, champion: Profile | null = null): StepEvidence => ({
  challenger,
  champion,
});
const judge = (gate: Gate, challenger: Profile, champion: Profile | null = null): GateResult =>
  judgeGates([gate], [step(challenger, champion)], { threshold: 0.4 })[0];

const honest = { 0.1: 0.1, 0.3: 0.3, 0.8: 0.8 };
const bold = { 0.1: 0.4, 0.3: 0.5, 0.8: 0.5 };

test('a Brier score and a log loss are held to their bounds and to the champion’s', () => {
  const brier: Gate = { metric: 'brier', max: 0.2, minSamples };
  const held = judge(brier, classified(200, honest));
  expect(held).toMatchObject({ verdict: 'pass', n: 600, limit: 0.2 });
  expect(held.challenger).toBeCloseTo((0.09 + 0.21 + 0.16) / 3, 10);
  expect(judge(brier, classified(200, bold)).verdict).toBe('fail');
  const ratio: Gate = { metric: 'log_loss', maxRatioToChampion: 1.1, minSamples };
  const champion = classified(2000, honest);
  expect(judge(ratio, classified(200, honest), champion).verdict).toBe('pass');
  expect(judge(ratio, classified(200, bold), champion)).toMatchObject({ verdict: 'fail' });
});

test('shares of right decisions are counted at the declared threshold, each among its own', () => {
  const profile = classified(200, honest);
  // From 0.4 on: 200 are decided to be positive, 160 rightly, of 240 that were.
  const told = ['accuracy', 'precision', 'recall'].map((metric) => {
    const gate: Gate = { metric: metric as Gate['metric'], min: 0.6, minSamples };
    const { verdict, challenger, n } = judge(gate, profile);
    return [metric, verdict, Number(challenger?.toFixed(4)), n];
  });
  expect(told).toEqual([
    ['accuracy', 'pass', 0.8, 600],
    ['precision', 'pass', 0.8, 200],
    ['recall', 'pass', 0.6667, 240],
  ]);
  const least: Gate = { metric: 'recall', min: 0.9, minSamples };
  expect(judge(least, profile).verdict).toBe('fail');
  expect(judge({ ...least, min: 0.7 }, profile)).toMatchObject({ verdict: 'inconclusive' });
});

test('probabilities that do not come true break the calibration gate, honest ones hold it', () => {
  const gate: Gate = { metric: 'calibration_error', max: 0.08, minSamples };
  expect(judge(gate, classified(300, honest))).toMatchObject({ verdict: 'pass', n: 900 });
  const broken = judge(gate, classified(300, bold));
  expect(broken).toMatchObject({ verdict: 'fail', settledAt: null });
  expect(broken.challenger).toBeCloseTo((0.3 + 0.2 + 0.3) / 3, 2);
  expect(judge(gate, classified(30, bold)).verdict).toBe('insufficient_data');
});

test('an undecided calibration says how many outcomes would settle it, and so many do', () => {
  const gate: Gate = { metric: 'calibration_error', max: 0.05, minSamples };
  const off = { 0.1: 0.2, 0.3: 0.4, 0.8: 0.7 };
  const open = judge(gate, classified(100, off));
  expect(open).toMatchObject({ verdict: 'inconclusive', n: 300 });
  const settledAt = open.settledAt ?? 0;
  expect(settledAt).toBeGreaterThan(400);
  expect(judge(gate, classified(Math.ceil(settledAt / 2.7), off)).verdict).toBe('fail');
  expect(judge(gate, classified(Math.ceil(settledAt / 4), off)).verdict).toBe('inconclusive');
});

test('outcomes of one kind show no spread, and break no gate by that', () => {
  const gate: Gate = { metric: 'calibration_error', max: 0.02, minSamples: 50 };
  // Of 60 rows told 0.05, none is positive: 1 time in 22 by honest chance.
  expect(judge(gate, classified(60, { 0.05: 0 })).verdict).not.toBe('fail');
});

test('evidence of all steps is counted together, enough in the present one asked for', () => {
  const gate: Gate = { metric: 'calibration_error', max: 0.08, minSamples };
  const results = judgeGates([gate], [step(classified(300, bold)), step(classified(2, honest))]);
  expect(results[0].verdict).toBe('fail');
  const early = judgeGates([gate], [step(classified(300, honest)), step(classified(2, honest))]);
  expect(early[0]).toMatchObject({ verdict: 'insufficient_data', n: 6, needed: 100 });
});

test('no gate of a classifier answers NaN of nothing, nor of a regression’s evidence', () => {
  const gates: Gate[] = [
    { metric: 'brier', max: 1, maxRatioToChampion: 1, minSamples },
    { metric: 'log_loss', max: 1, maxRatioToChampion: 1, minSamples },
    { metric: 'calibration_error', max: 0.1, minSamples },
    { metric: 'accuracy', min: 0.9, minSamples },
    { metric: 'precision', min: 0.9, minSamples },
    { metric: 'recall', min: 0.9, minSamples },
  ];
  for (const task of ['regression', 'binary'] as const) {
    const nothing = createProfile(null, task);
    const results = judgeGates(gates, [step(nothing, nothing)]);
    expect(results).toHaveLength(8);
    for (const result of results) {
      expect(result.verdict, result.metric).toBe('insufficient_data');
      expect(Object.values(result)).not.toContain(Number.NaN);
    }
  }
});
