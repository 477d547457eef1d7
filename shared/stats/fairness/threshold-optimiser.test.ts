import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import {
  chanceSteps,
  optimiseThresholdRules,
  type ThresholdConstraint,
  type ThresholdRules,
} from './threshold-optimiser.ts';

const groupOf = (i: number): string => (i % 5 === 0 ? 'c' : 'ab'[i % 2]);
const rows = Array.from({ length: 160 }, (_, i) => {
  const isA = groupOf(i) === 'a';
  const wave = 0.5 + 0.3 * Math.sin(i * 1.7 + Math.cos(i * 2.3)) + 0.2 * Math.cos(i * 3.1);
  return {
    group: groupOf(i),
    truth: Math.sin(i * 1.7) + (isA ? 0.4 : -0.3) > 0 ? 1 : 0,
    score: Math.round(8 * (wave + (isA ? 0.1 : 0))) / 10,
  };
});
const columns = (drawn: typeof rows) => ({
  truth: drawn.map(({ truth }) => truth),
  scores: drawn.map(({ score }) => score),
  groups: drawn.map(({ group }) => group),
});

const solve = (drawn: typeof rows, constraint: ThresholdConstraint): ThresholdRules => {
  const found = optimiseThresholdRules(columns(drawn), constraint);
  if (!found.ok) throw new Error(found.error.reason);
  return found.value;
};

// A naive transcription of Fairlearn 0.10's ThresholdOptimizer into numpy 1.24, flip=False.
const GOLDEN: [ThresholdConstraint, number, number, Record<string, number[]>][] = [
  [
    'demographic_parity',
    ...([0.547, 0.7455229323308272] as const),
    {
      a: [0, 0.07085714285714266, 0.55, 0.45],
      b: [0, 0.9995789473684209, 0.35, 0.15],
      c: [0, 0.464, 0.45, 0.15],
    },
  ],
  [
    'true_positive_rate_parity',
    ...([0.78, 0.744755965909091] as const),
    {
      a: [0, 0.0018181818181818197, 0.55, 0.45],
      b: [0, 0.3125, 0.45, 0.35],
      c: [0, 0.372, 0.45, 0.15],
    },
  ],
  [
    'false_positive_rate_parity',
    ...([0.174, 0.7560964285714287] as const),
    {
      a: [0, 0.9998571428571428, 0.45, 0.15],
      b: [0, 0.8877142857142857, 0.45, 0.35],
      c: [0, 0.966, 0.45, 0.15],
    },
  ],
  [
    'equalized_odds',
    ...([0.158, 0.692170085470085] as const),
    {
      a: [0.3547383229765364, 0.122, 0.55, 0.45],
      b: [0.07048925975314078, 0.9768571428571429, 0.45, 0.35],
      c: [0, 0.9997777777777777, 0.45, 0.15],
    },
  ],
];

test.each(GOLDEN)('%s: the thresholds, chances and rate of the reference', (...golden) => {
  const [constraint, rate, accuracy, expected] = golden;
  const found = solve(rows, constraint);
  expect(found.rate).toBeCloseTo(rate, 12);
  expect(found.accuracy).toBeCloseTo(accuracy, 12);
  expect([...found.rules.keys()]).toEqual(['a', 'b', 'c']);
  for (const [group, [pIgnore, p0, threshold0, threshold1]] of Object.entries(expected)) {
    const rule = found.rules.get(group)!;
    expect(rule.pIgnore).toBeCloseTo(pIgnore, 12);
    expect(rule.p0).toBeCloseTo(p0, 10);
    expect(rule.p0 + rule.p1).toBeCloseTo(1, 12);
    expect([rule.threshold0, rule.threshold1]).toEqual([threshold0, expect.closeTo(threshold1)]);
  }
});

/** Chance of yes of a row with that score. */
const chanceAt = ({ thresholds, chances }: ReturnType<typeof chanceSteps>, score: number): number =>
  chances[thresholds.filter((threshold) => score > threshold).length];

/** Mean chance of yes of the rows of a group that are wanted. */
function rateIn(drawn: typeof rows, { rules }: ThresholdRules, group: string, wanted = [0, 1]) {
  const steps = chanceSteps(rules.get(group)!);
  const own = drawn.filter((row) => row.group === group && wanted.includes(row.truth));
  return own.reduce((sum, { score }) => sum + chanceAt(steps, score), 0) / own.length;
}

const HELD: [ThresholdConstraint, number[][]][] = [
  ['demographic_parity', [[0, 1]]],
  ['true_positive_rate_parity', [[1]]],
  ['false_positive_rate_parity', [[0]]],
  ['equalized_odds', [[0], [1]]],
];

test.each(HELD)(
  '%s: whatever the rows, the rates of all groups meet on them',
  (constraint, held) => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom(3, 50), (seed, levels) => {
        const rng = createRng(seed);
        const both = ['a', 'b', 'c'].flatMap((group) =>
          [0, 1].map((truth) => ({ group, truth, score: rng() })),
        );
        const more = Array.from({ length: 60 }, () => ({
          group: 'abc'[Math.floor(3 * rng())],
          truth: rng() < 0.4 ? 1 : 0,
          score: Math.floor(levels * rng()) / levels,
        }));
        const drawn = [...both, ...more];
        const found = solve(drawn, constraint);
        for (const wanted of held) {
          const [a, b, c] = ['a', 'b', 'c'].map((group) => rateIn(drawn, found, group, wanted));
          expect(b).toBeCloseTo(a, 10);
          expect(c).toBeCloseTo(a, 10);
        }
        const right = drawn.reduce((sum, { group, truth, score }) => {
          const chance = chanceAt(chanceSteps(found.rules.get(group)!), score);
          return sum + (truth === 1 ? chance : 1 - chance);
        }, 0);
        expect(right / drawn.length).toBeCloseTo(found.accuracy, 10);
      }),
      { numRuns: 20 },
    );
  },
);

test('no rows, and groups of one class, are named', () => {
  const none = { truth: [], scores: [], groups: [] };
  expect(optimiseThresholdRules(none, 'demographic_parity')).toMatchObject({
    error: { reason: 'no_rows' },
  });
  const lone = { truth: [1, 0, 0], scores: [0.9, 0.1, 0.4], groups: ['a', 'a', 'b'] };
  expect(optimiseThresholdRules(lone, 'equalized_odds')).toMatchObject({
    error: { reason: 'one_class_in_group', group: 'b', truth: 0 },
  });
});
