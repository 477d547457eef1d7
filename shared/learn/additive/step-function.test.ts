import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { bestQuadrants } from './pair-surface.ts';
import { fitSteps } from './step-function.ts';

function randomSums(seed: number, cells: number): Float64Array {
  const rng = createRng(seed);
  const sums = new Float64Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    const count = Math.floor(rng() * 4);
    if (count > 0) sums.set([normal(rng) * count, count * (0.1 + rng()), count], 3 * i);
  }
  return sums;
}

type Sums = { gradient: number; hessian: number; count: number };

function total(sums: Float64Array, cells: readonly number[]): Sums {
  const add = (k: number) => cells.reduce((sum, i) => sum + sums[3 * i + k], 0);
  return { gradient: add(0), hessian: add(1), count: add(2) };
}

const worth = ({ gradient, hessian }: Sums) => (hessian > 0 ? gradient ** 2 / hessian : 0);
const seeds = fc.nat(100_000);

test('a step of two levels is cut where every cut tried in turn gains most', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 2, max: 12 }), (seed, positions) => {
      const sums = randomSums(seed, positions);
      const all = [...Array(positions).keys()];
      const step = new Float64Array(positions);
      fitSteps(sums, { maxLeaves: 2, minSamplesLeaf: 2 }, step);
      const gains = all.slice(1).map((cut) => {
        const sides = [total(sums, all.slice(0, cut)), total(sums, all.slice(cut))];
        const isAllowed = sides.every(({ count }) => count >= 2);
        return isAllowed ? worth(sides[0]) + worth(sides[1]) - worth(total(sums, all)) : 0;
      });
      const best = Math.max(0, ...gains);
      const levels = [...new Set(step)];
      const reached = levels
        .map((level) =>
          worth(
            total(
              sums,
              all.filter((i) => step[i] === level),
            ),
          ),
        )
        .reduce((sum, value) => sum + value, -worth(total(sums, all)));
      expect(levels.length).toBeLessThanOrEqual(2);
      expect(reached).toBeCloseTo(best, 8);
    }),
    { numRuns: 200 },
  );
});

test('four quadrants are cut where every crossing tried in turn gains most', () => {
  fc.assert(
    fc.property(
      seeds,
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 2, max: 6 }),
      (...given) => {
        const [seed, rows, columns] = given;
        const sums = randomSums(seed, rows * columns);
        const cells = [...Array(rows * columns).keys()];
        let best = 0;
        for (let row = 1; row < rows; row++)
          for (let column = 1; column < columns; column++) {
            const parts = [0, 1, 2, 3].map((q) =>
              cells.filter((i) => {
                const isBelow = Math.floor(i / columns) >= row;
                return (isBelow ? 2 : 0) + (i % columns >= column ? 1 : 0) === q;
              }),
            );
            const quadrants = parts.map((part) => total(sums, part));
            if (quadrants.some(({ count }) => count < 1)) continue;
            const gain = quadrants.reduce(
              (sum, each) => sum + worth(each),
              -worth(total(sums, cells)),
            );
            best = Math.max(best, gain);
          }
        const found = bestQuadrants({ sums, rows, columns }, new Float64Array(sums.length), 1);
        expect(found?.gain ?? 0).toBeCloseTo(best, 8);
      },
    ),
    { numRuns: 200 },
  );
});
