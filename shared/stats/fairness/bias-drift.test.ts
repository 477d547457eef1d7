import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../core/rng.ts';
import { proportionDifference } from '../tests/proportion-difference.ts';
import { biasDrift } from './bias-drift.ts';
import { groupDifferences } from './group-differences.ts';
import { type Decisions, measureFairness } from './group-metrics.ts';

/** Group b is selected less often than group a, by `gap` in 0.5. */
function windowOf(gap: number, rng: Rng, n = 400): Decisions {
  const groups = Array.from({ length: n }, () => (rng() < 0.5 ? 'a' : 'b'));
  const prediction = groups.map((group) => rng() < (group === 'a' ? 0.5 : 0.5 - gap));
  return { groups, prediction, truth: groups.map(() => rng() < 0.5) };
}

const driftOf = (gaps: readonly number[], rng: Rng) => {
  const drift = biasDrift(
    gaps.map((gap) => windowOf(gap, rng)),
    { rate: 'selectionRate' },
  );
  if (!drift.ok) throw new Error(drift.error.reason);
  return drift.value;
};

test('a difference that grows is said to widen, one that shrinks to narrow, one that jumps to vary', () => {
  const rng = createRng(1);
  const wider = driftOf([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3], rng);
  expect(wider).toMatchObject({ verdict: 'widens', groups: ['b', 'a'] });
  expect(wider.trendInterval[0]).toBeLessThan(0.05);
  expect(wider.trendInterval[1]).toBeGreaterThan(0.05);
  expect(driftOf([0.3, 0.25, 0.2, 0.15, 0.1, 0.05, 0], rng).verdict).toBe('narrows');
  expect(driftOf([0.05, 0.05, 0.4, 0.4, 0.4, 0.05, 0.05], rng).verdict).toBe('varies');
});

test('a difference that stays is steady, nineteen times in twenty', () => {
  const rng = createRng(2);
  const runs = Array.from({ length: 200 }, () => driftOf([0.1, 0.1, 0.1, 0.1, 0.1], rng));
  const moved = runs.filter(({ verdict }) => verdict !== 'steady').length;
  // 5 % of 200 are 10; three standard errors above are 19.
  expect(moved).toBeLessThanOrEqual(19);
  const held = runs.flatMap(({ windows, groups }) =>
    windows.map(({ interval }) => {
      const [low, high] = interval!;
      const truth = groups[0] === 'b' ? 0.1 : -0.1;
      return low <= truth && truth <= high;
    }),
  );
  expect(held.filter(Boolean).length / held.length).toBeGreaterThan(0.93);
});

test('one group, few windows and small groups are too little data', () => {
  const rng = createRng(3);
  const one = windowOf(0, rng);
  const alone = { ...one, groups: one.groups.map(() => 'a') };
  expect(biasDrift([alone, alone, alone], { rate: 'selectionRate' })).toMatchObject({
    error: { reason: 'no_two_groups', groups: 1 },
  });
  expect(biasDrift([one, one], { rate: 'selectionRate' })).toMatchObject({
    error: { reason: 'too_few_windows', windows: 2, needed: 3 },
  });
  const small = Array.from({ length: 5 }, () => windowOf(0.1, rng, 12));
  expect(biasDrift(small, { rate: 'selectionRate' })).toMatchObject({
    error: { reason: 'too_few_windows', windows: 0 },
  });
});

test('groups that are alike differ in no rate, those that are not in the one that is unlike', () => {
  const rng = createRng(4);
  const differences = (gap: number) => {
    const report = measureFairness(windowOf(gap, rng, 2000));
    if (!report.ok) throw new Error(report.error.reason);
    return groupDifferences(report.value, { rng: createRng(1) });
  };
  expect(differences(0).every(({ adjustedPValue }) => adjustedPValue > 0.05)).toBe(true);
  const [selection, , , precision] = differences(0.2);
  expect(selection).toMatchObject({ rate: 'selectionRate', lowest: 'b', highest: 'a' });
  expect(selection.adjustedPValue).toBeLessThan(1e-6);
  expect(selection.interval[0]).toBeGreaterThan(0.1);
  expect(precision.adjustedPValue).toBeGreaterThan(0.05);
});

test("the interval on a difference of proportions is Newcombe's", () => {
  // Newcombe (1998), table II, method 10: 56/70 and 48/80; 0/10 and 10/10.
  const { interval } = proportionDifference({ events: 48, n: 80 }, { events: 56, n: 70 })!;
  expect(interval[0]).toBeCloseTo(0.0524, 4);
  expect(interval[1]).toBeCloseTo(0.3339, 4);
  const apart = proportionDifference({ events: 0, n: 10 }, { events: 10, n: 10 })!;
  expect(apart.interval[0]).toBeCloseTo(0.6075, 4);
  expect(apart.interval[1]).toBe(1);
  expect(proportionDifference({ events: 0, n: 0 }, { events: 1, n: 2 })).toBeNull();
});
