import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { calibrationByGroup, calibrationDisparity } from './calibration-by-group.ts';
import { measureFairness } from './group-metrics.ts';
import { applyThresholds, optimiseThresholds, reweigh } from './mitigation.ts';

const rng = createRng(21);
/** Group b has fewer positives and scores that are shifted down by 0.15. */
const rows = Array.from({ length: 4000 }, () => {
  const group = rng() < 0.6 ? 'a' : 'b';
  const truth = rng() < (group === 'a' ? 0.5 : 0.3);
  const score = (truth ? 0.6 : 0.4) + 0.4 * (rng() - 0.5) - (group === 'b' ? 0.15 : 0);
  return { group, truth, score };
});
const groups = rows.map((row) => row.group);
const truth = rows.map((row) => row.truth);
const scores = rows.map((row) => row.score);

function reportOf(prediction: readonly boolean[]) {
  const report = measureFairness({ truth, prediction, groups });
  if (!report.ok) throw new Error(report.error.reason);
  return report.value;
}

test('rates and intervals of each group hold their count, and disparities are between 0 and 1', () => {
  const label = fc.record({
    truth: fc.boolean(),
    prediction: fc.boolean(),
    group: fc.constantFrom('x', 'y', 'z'),
  });
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 60 }), (drawn) => {
      const report = measureFairness({
        truth: drawn.map((row) => row.truth),
        prediction: drawn.map((row) => row.prediction),
        groups: drawn.map((row) => row.group),
      });
      if (!report.ok) throw new Error(report.error.reason);
      const sizes = Object.values(report.value.groups).map((group) => group.n);
      expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(drawn.length);
      for (const { selectionRate } of Object.values(report.value.groups)) {
        expect(selectionRate!.interval[0]).toBeLessThanOrEqual(selectionRate!.value);
        expect(selectionRate!.interval[1]).toBeGreaterThanOrEqual(selectionRate!.value);
      }
      for (const disparity of [report.value.demographicParity, report.value.equalizedOdds]) {
        if (!disparity) continue;
        expect(disparity.difference).toBeGreaterThanOrEqual(0);
        expect(disparity.ratio).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('one group has nothing to compare with, small groups are named and left out, lengths must agree', () => {
  const one = measureFairness({ truth: [true], prediction: [true], groups: ['a'] });
  expect(one).toMatchObject({ ok: true, value: { demographicParity: null, equalizedOdds: null } });
  const small = measureFairness(
    { truth: [true, true, false], prediction: [true, false, true], groups: ['a', 'a', 'b'] },
    { minGroupSize: 2 },
  );
  expect(small).toMatchObject({ ok: true, value: { tooSmall: ['b'], demographicParity: null } });
  expect(measureFairness({ truth: [true], prediction: [], groups: [] })).toMatchObject({
    ok: false,
    error: { reason: 'lengths_differ' },
  });
});

test('reweighed, every group has the same share of positives', () => {
  const weights = reweigh(truth, groups);
  const shareOf = (group: string): number => {
    const of = weights.map((weight, i) => (groups[i] === group ? weight : 0));
    const total = of.reduce((sum, weight) => sum + weight, 0);
    return of.reduce((sum, weight, i) => sum + (truth[i] ? weight : 0), 0) / total;
  };
  expect(shareOf('a')).toBeCloseTo(shareOf('b'), 12);
});

test('a threshold per group closes the gap that one threshold leaves', () => {
  const before = reportOf(scores.map((score) => score >= 0.5));
  expect(before.equalOpportunity!.difference).toBeGreaterThan(0.3);
  const fair = optimiseThresholds({ truth, scores, groups }, 'equal_opportunity')!;
  const after = reportOf(applyThresholds(scores, groups, fair));
  expect(after.equalOpportunity!.difference).toBeLessThan(0.01);
  expect(after.overall.accuracy!.value).toBeCloseTo(fair.accuracy, 12);
  const parity = optimiseThresholds({ truth, scores, groups }, 'demographic_parity')!;
  expect(
    reportOf(applyThresholds(scores, groups, parity)).demographicParity!.difference,
  ).toBeLessThan(0.01);
});

test('no rows, or a group without positives, has no thresholds', () => {
  expect(
    optimiseThresholds({ truth: [], scores: [], groups: [] }, 'demographic_parity'),
  ).toBeNull();
  const lone = { truth: [true, false], scores: [0.9, 0.1], groups: ['a', 'b'] };
  expect(optimiseThresholds(lone, 'equal_opportunity')).toBeNull();
});

test('a group whose probabilities are too low is told with its gap, an honest one has none', () => {
  const drawn = Array.from({ length: 6000 }, (_, i) => {
    const truth = 0.2 + 0.6 * rng();
    const group = i % 2 ? 'honest' : 'low';
    return { group, told: group === 'low' ? truth - 0.1 : truth, label: rng() < truth ? 1 : 0 };
  });
  const groups = calibrationByGroup({
    probabilities: drawn.map((row) => row.told),
    labels: drawn.map((row) => row.label),
    groups: drawn.map((row) => row.group),
  });
  expect(groups.low.gap).toBeCloseTo(0.1, 1);
  expect(groups.low.gapInterval[0]).toBeGreaterThan(0.05);
  expect(groups.honest.gapInterval[0]).toBeLessThan(0);
  expect(groups.honest.gapInterval[1]).toBeGreaterThan(0);
  expect(groups.low.calibrationError).toBeGreaterThan(groups.honest.calibrationError);
  expect(calibrationByGroup({ probabilities: [], labels: [], groups: [] })).toEqual({});
});

const probabilityIn = (row: { told: number; truth: number }) => ({
  ...row,
  label: rng() < row.truth ? 1 : 0,
});

function disparityIn(rows: readonly { group: string; told: number; truth: number }[]) {
  const drawn = rows.map(probabilityIn);
  const sample = {
    probabilities: drawn.map(({ told }) => told),
    labels: drawn.map(({ label }) => label),
    groups: rows.map(({ group }) => group),
  };
  return calibrationDisparity(calibrationByGroup(sample), sample);
}

test('groups told apart by what a probability means differ beyond chance', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const truth = 0.2 + 0.6 * rng();
    return { group: i % 2 ? 'a' : 'b', told: i % 2 ? truth : truth - 0.15, truth };
  });
  const apart = disparityIn(rows)!;
  expect(apart.difference).toBeCloseTo(0.15, 1);
  expect(apart.ratio).toBeLessThan(0.85);
  expect(apart.pValue).toBeLessThan(1e-6);
  expect(disparityIn([])).toBeNull();
});

test.each([
  ['two of 400 rows', 2, 400],
  ['ten of 5', 10, 5],
  ['a hundred of 3', 100, 3],
])('like groups differ in what a probability means one time in twenty: %s', (_, groups, size) => {
  const alarms = Array.from({ length: 80 }, () => {
    const rows = Array.from({ length: groups * size }, (_, i) => {
      const truth = 0.2 + 0.6 * rng();
      return { group: `g${i % groups}`, told: truth, truth };
    });
    return disparityIn(rows)!.pValue <= 0.05;
  });
  // 5 % of 80 are 4; three standard errors above are 10.
  expect(alarms.filter(Boolean).length).toBeLessThanOrEqual(10);
});
