import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Trial } from '../trial.ts';
import { dominates, dominationRanks } from './dominance.ts';
import { exclusiveVolume, hypervolume, undominated } from './hypervolume.ts';
import { paretoFront } from './pareto-front.ts';
import { spreadSubset } from './spread-subset.ts';

const points = (objectives: number) =>
  fc.array(
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: objectives, maxLength: objectives }),
    {
      minLength: 1,
      maxLength: 10,
    },
  );
const anyPoints = fc.integer({ min: 1, max: 4 }).chain(points);

const trial = (number: number, values: number[], more: Partial<Trial> = {}): Trial => ({
  ...{ number, values, parameters: {}, state: 'complete', intermediate: [], endedAfter: number },
  ...more,
});

describe('dominance', () => {
  test('is irreflexive, asymmetric and transitive', () => {
    const three = fc.integer({ min: 1, max: 3 }).chain((m) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: m, maxLength: m }), {
        minLength: 3,
        maxLength: 3,
      }),
    );
    fc.assert(
      fc.property(three, ([a, b, c]) => {
        expect(dominates(a, a)).toBe(false);
        if (dominates(a, b)) expect(dominates(b, a)).toBe(false);
        if (dominates(a, b) && dominates(b, c)) expect(dominates(a, c)).toBe(true);
      }),
    );
  });

  test('ranks are one more than the highest rank among those that dominate', () => {
    fc.assert(
      fc.property(anyPoints, (losses) => {
        const ranks = dominationRanks(losses);
        losses.forEach((point, i) => {
          const above = ranks.filter((_, j) => dominates(losses[j], point));
          expect(ranks[i]).toBe(Math.max(-1, ...above) + 1);
        });
      }),
    );
  });
});

test('the front holds what no feasible complete trial dominates', () => {
  const trials = [
    trial(0, [1, 5]),
    trial(1, [2, 6]),
    trial(2, [3, 7]),
    trial(3, [0, 9], { constraints: [1] }),
    trial(4, [0, 0], { state: 'pruned', values: null }),
    trial(5, [1, 5]),
    trial(6, [1, 4]),
  ];
  const numbers = paretoFront(trials, ['minimize', 'maximize']).map(({ number }) => number);
  expect(numbers).toEqual([0, 1, 2, 5]);
});

/** Shares of a lattice's cells that some point dominates: values are whole, so it is exact. */
function countedVolume(losses: number[][], side: number): number {
  const objectives = losses[0].length;
  let cells = 0;
  for (let at = 0; at < side ** objectives; at++) {
    const cell = Array.from({ length: objectives }, (_, i) => Math.floor(at / side ** i) % side);
    if (losses.some((point) => point.every((value, i) => value <= cell[i]))) cells++;
  }
  return cells;
}

describe('hypervolume', () => {
  test('is the number of lattice cells that the points dominate', () => {
    fc.assert(
      fc.property(anyPoints, (losses) => {
        const reference = losses[0].map(() => 8);
        expect(hypervolume(losses, reference)).toBeCloseTo(countedVolume(losses, 8), 9);
      }),
      { numRuns: 60 },
    );
  });

  test('agrees with Optuna 5.0.0 in two, three and four dimensions', () => {
    for (const { losses, volume } of OPTUNA)
      expect(
        hypervolume(
          losses,
          losses[0].map(() => 1.1),
        ),
      ).toBeCloseTo(volume, 12);
  });
});

const fronts = fc
  .integer({ min: 2, max: 3 })
  .chain(points)
  .map((losses) => undominated(losses));

test('a greedy subset has at least 1 - 1/e of the best volume of its size', () => {
  fc.assert(
    fc.property(fronts, (losses) => {
      const reference = losses[0].map(() => 11);
      const size = Math.min(2, losses.length);
      const chosen = spreadSubset(losses, size, reference).map((i) => losses[i]);
      expect(new Set(chosen).size).toBe(size);
      const pairs = losses.flatMap((a) => losses.map((b) => hypervolume([a, b], reference)));
      const best = size === 1 ? hypervolume(losses, reference) : Math.max(...pairs);
      expect(hypervolume(chosen, reference)).toBeGreaterThanOrEqual((1 - 1 / Math.E) * best - 1e-9);
    }),
  );
});

test('each point of a greedy subset adds at least what any other would have', () => {
  fc.assert(
    fc.property(fronts, (losses) => {
      const reference = losses[0].map(() => 11);
      const order = spreadSubset(losses, losses.length, reference);
      order.forEach((best, step) => {
        const before = order.slice(0, step).map((i) => losses[i]);
        const gain = (i: number): number => exclusiveVolume(losses[i], before, reference);
        const rest = order.slice(step);
        expect(gain(best)).toBeCloseTo(Math.max(...rest.map(gain)), 9);
      });
    }),
  );
});

const OPTUNA = [
  {
    losses: [
      [0.44, 0.03],
      [0.55, 0.44],
      [0.42, 0.33],
      [0.2, 0.62],
      [0.3, 0.27],
      [0.62, 0.53],
      [0.13, 0.51],
      [0.18, 0.79],
    ],
    volume: 0.9227000000000002,
  },
  {
    losses: [
      [0.55, 0.71, 0.29],
      [0.51, 0.89, 0.9],
      [0.13, 0.21, 0.05],
      [0.44, 0.03, 0.46],
      [0.65, 0.28, 0.68],
      [0.59, 0.02, 0.56],
      [0.26, 0.42, 0.28],
      [0.69, 0.44, 0.16],
      [0.54, 0.78, 0.31],
    ],
    volume: 0.9852510000000003,
  },
  {
    losses: [
      [0.97, 0.55, 0.97, 0.71],
      [0.7, 0.22, 0.98, 0.01],
      [0.25, 0.43, 0.78, 0.2],
      [0.86, 0.98, 0.16, 0.6],
      [0.01, 0.39, 0.04, 0.96],
      [0.44, 0.95, 0.79, 0.87],
      [0.17, 0.07, 0.6, 0.17],
      [0.73, 0.41, 0.53, 0.94],
      [0.52, 0.11, 0.16, 0.55],
    ],
    volume: 0.6343971800000002,
  },
];
