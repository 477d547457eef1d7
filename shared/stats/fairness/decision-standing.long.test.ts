import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { groupStandings, standingsOf } from './decision-standing.ts';
import type { DrawnDecisions } from './group-cells.ts';
import { measureFairness } from './group-metrics.ts';

const options = (seed = 1) => ({ minGroupSize: 1, rng: createRng(seed) });

const row = fc.record({
  group: fc.constantFrom('a', 'b', 'c'),
  truth: fc.constantFrom(0, 1),
  score: fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
  yes: fc.constantFrom(0, 1),
});
type Row = { group: string; truth: number; score: number; yes: number };

const decisionsOf = (rows: readonly Row[]): DrawnDecisions => ({
  truth: rows.map(({ truth }) => truth),
  groups: rows.map(({ group }) => group),
  scores: rows.map(({ score }) => score),
  yes: rows.map(({ yes }) => yes),
});

test('where nothing is drawn, figures are those that decisions are measured by elsewhere', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
      const [{ standing }] = standingsOf([decisionsOf(rows)], options());
      const report = measureFairness({
        truth: rows.map(({ truth }) => truth === 1),
        prediction: rows.map(({ yes }) => yes === 1),
        groups: rows.map(({ group }) => group),
      });
      if (!report.ok) throw new Error(report.error.reason);
      const { overall, demographicParity, equalOpportunity } = report.value;
      for (const figure of Object.values(standing)) {
        if (figure === null) continue;
        expect(figure.interval[0]).toBeLessThanOrEqual(figure.interval[1]);
      }
      expect(standing.accuracy!.value).toBeCloseTo(overall.accuracy!.value, 12);
      const pairs = [
        [standing.demographicParityDifference, demographicParity],
        [standing.equalOpportunityDifference, equalOpportunity],
      ] as const;
      for (const [found, expected] of pairs) {
        expect(found === null).toBe(expected === null);
        if (expected) expect(found!.value).toBeCloseTo(expected.difference, 12);
      }
      const pairsOfRows = rows.flatMap((high) =>
        rows
          .filter((low) => high.truth > low.truth)
          .map((low) => Math.sign(high.score - low.score)),
      );
      const above = pairsOfRows.reduce((sum, sign) => sum + (sign + 1) / 2, 0);
      if (pairsOfRows.length === 0) expect(standing.rocAuc).toBeNull();
      else expect(standing.rocAuc!.value).toBeCloseTo(above / pairsOfRows.length, 12);
    }),
    { numRuns: 30 },
  );
});

test('decisions by lot are counted by their chances', () => {
  const rows = [
    { group: 'a', truth: 1, score: 0.3, yes: 0.3 },
    { group: 'a', truth: 0, score: 0.2, yes: 0.2 },
    { group: 'b', truth: 1, score: 0.9, yes: 0.9 },
    { group: 'b', truth: 0, score: 0.4, yes: 0.4 },
  ];
  const [{ standing }] = standingsOf([decisionsOf(rows)], options());
  expect(standing.accuracy!.value).toBeCloseTo((0.3 + 0.8 + 0.9 + 0.6) / 4, 12);
  expect(standing.demographicParityDifference!.value).toBeCloseTo(0.65 - 0.25, 12);
  expect(standing.equalizedOddsDifference!.value).toBeCloseTo(0.6, 12);
  expect(standing.falsePositiveRateDifference!.value).toBeCloseTo(0.2, 12);
  expect(standing.errorRateDifference!.value).toBeCloseTo(0.75 - 0.55, 12);
  expect(groupStandings(decisionsOf(rows)).get('b')).toEqual({
    ...{ n: 2, positives: 1, accuracy: 0.75, selectionRate: 0.65 },
    ...{ truePositiveRate: 0.9, falsePositiveRate: 0.4 },
  });
});

/** Two groups whose selection rates truly differ by 0.3, decided rightly in 70 of 100. */
function draw(seed: number): DrawnDecisions {
  const rng = createRng(seed);
  return decisionsOf(
    Array.from({ length: 150 }, () => {
      const group = rng() < 0.5 ? 'a' : 'b';
      const yes = rng() < (group === 'a' ? 0.7 : 0.4) ? 1 : 0;
      return { group, yes, truth: rng() < 0.7 ? yes : 1 - yes, score: yes };
    }),
  );
}

test('intervals hold what is true about as often as they say', () => {
  let [accuracy, difference] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const [{ standing }] = standingsOf([draw(seed)], options(seed));
    const holds = (interval: readonly [number, number], value: number) =>
      Number(interval[0] <= value && value <= interval[1]);
    accuracy += holds(standing.accuracy!.interval, 0.7);
    difference += holds(standing.demographicParityDifference!.interval, 0.3);
  }
  // 95 % of 40 are 38; four standard errors below are 32.
  expect(accuracy).toBeGreaterThanOrEqual(32);
  expect(difference).toBeGreaterThanOrEqual(32);
});

test('groups that are alike have an interval about 0, not above it', () => {
  const shifts = Array.from({ length: 20 }, (_, seed) => {
    const way = draw(seed);
    const alike = { ...way, groups: way.groups.map((_, i) => 'ab'[i % 2]) };
    const [{ standing }] = standingsOf([alike], options(seed));
    return standing.demographicParityDifference!;
  });
  expect(shifts.filter(({ interval }) => interval[0] > 0).length).toBeLessThanOrEqual(4);
  for (const { value, interval } of shifts) {
    expect(interval[0]).toBeLessThanOrEqual(value);
    expect(interval[1]).toBeGreaterThanOrEqual(value);
  }
});

test('a change is measured on the same rows: none is none, without any width', () => {
  const way = draw(3);
  const [before, after] = standingsOf([way, way], options());
  expect(before.standing).toEqual(after.standing);
  expect(after.change.accuracy).toEqual({ value: 0, interval: [0, 0] });
  const other = { ...way, yes: Array.from(way.yes, (yes) => 1 - yes) };
  const [, flipped] = standingsOf([way, other], options());
  const { accuracy } = before.standing;
  expect(flipped.change.accuracy!.value).toBeCloseTo(1 - 2 * accuracy!.value, 12);
});

test('small groups are left out of differences, one group has none, the same seed draws the same', () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({
    ...{ group: i === 0 ? 'lone' : 'ab'[i % 2], truth: i % 3 === 0 ? 1 : 0 },
    ...{ score: i / 30, yes: i === 0 ? 1 : 0 },
  }));
  const figures = (minGroupSize: number) =>
    standingsOf([decisionsOf(rows)], { minGroupSize, rng: createRng(1) })[0].standing;
  expect(figures(1).demographicParityDifference!.value).toBe(1);
  expect(figures(2).demographicParityDifference!.value).toBe(0);
  expect(figures(20).demographicParityDifference).toBeNull();
  expect(figures(20).accuracy).not.toBeNull();
  expect(figures(1)).toEqual(figures(1));
});
