import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { addPair, createCoMoments } from '../sketch/running-moments.ts';
import { kolmogorovSmirnov } from '../tests/kolmogorov-smirnov.ts';
import { correlationChanges } from './correlation-change.ts';
import { maximumMeanDiscrepancy } from './mmd.ts';
import { rankCorrelationChanges } from './rank-correlations.ts';
import { fitReconstruction, reconstructionErrors } from './reconstruction.ts';

/** Two standard normal columns with a given correlation: each column alone is always the same. */
const pairs = (n: number, r: number, rng: Rng): [number, number][] =>
  Array.from({ length: n }, () => {
    const x = normal(rng);
    return [x, r * x + Math.sqrt(1 - r * r) * normal(rng)];
  });

function coMomentsOf(rows: [number, number][]) {
  const moments = createCoMoments();
  for (const [x, y] of rows) addPair(moments, x, y);
  return moments;
}

test('a correlation that turns is found though each column is as before; unchanged ones are not', () => {
  const rng = createRng(3);
  const changes = correlationChanges({
    turned: {
      reference: coMomentsOf(pairs(500, 0.7, rng)),
      current: coMomentsOf(pairs(300, -0.2, rng)),
    },
    same: {
      reference: coMomentsOf(pairs(500, 0.7, rng)),
      current: coMomentsOf(pairs(300, 0.7, rng)),
    },
    few: { reference: coMomentsOf(pairs(500, 0, rng)), current: coMomentsOf(pairs(4, 0, rng)) },
  });
  expect(changes.map(({ pair }) => pair)).toEqual(['turned', 'same']);
  expect(changes[0].adjustedPValue).toBeLessThan(1e-10);
  expect(changes[1].adjustedPValue).toBeGreaterThan(0.01);
});

test('reconstruction errors grow when relations break', () => {
  const rng = createRng(5);
  const model = fitReconstruction(pairs(800, 0.95, rng), 0.9)!;
  expect(model.directions).toHaveLength(1);
  const errorsOf = (r: number) => reconstructionErrors(model, pairs(300, r, rng));
  expect(kolmogorovSmirnov(errorsOf(0.95), errorsOf(0.95))!.pValue).toBeGreaterThan(0.001);
  expect(kolmogorovSmirnov(errorsOf(0.95), errorsOf(0.2))!.pValue).toBeLessThan(1e-10);
  expect(fitReconstruction([[1, 2]])).toBeNull();
});

test('MMD sees a joint change, keeps quiet without one, and needs two rows a side', () => {
  const rng = createRng(6);
  const options = { permutations: 99, rng };
  const compare = (r: number) =>
    maximumMeanDiscrepancy(pairs(120, 0.8, rng), pairs(120, r, rng), options)!;
  expect(compare(-0.8).pValue).toBeLessThanOrEqual(0.02);
  const unchanged = Array.from({ length: 40 }, () => compare(0.8).pValue);
  expect(unchanged.filter((p) => p <= 0.1).length).toBeLessThanOrEqual(9);
  expect(maximumMeanDiscrepancy([[1, 1]], pairs(5, 0, rng), options)).toBeNull();
});

test('ranks tell a relation that turned from columns that moved, and hold their level with long tails', () => {
  const rng = createRng(7);
  const columnsOf = (rows: [number, number][], bend: (x: number) => number) =>
    new Map([
      ['x', rows.map(([x]) => bend(x))],
      ['y', rows.map(([, y]) => bend(y))],
      ['z', rows.map(() => normal(rng))],
    ]);
  const moved = (x: number): number => Math.exp(2 * x) + 5;
  const before = columnsOf(pairs(400, 0.6, rng), (x) => x);
  const same = rankCorrelationChanges(before, columnsOf(pairs(300, 0.6, rng), moved));
  expect(same.every(({ adjustedPValue }) => adjustedPValue > 0.01)).toBe(true);
  const [turned] = rankCorrelationChanges(before, columnsOf(pairs(300, -0.6, rng), moved));
  expect(turned).toMatchObject({ pair: 'x and y' });
  expect(turned.adjustedPValue).toBeLessThan(1e-10);
  let alarms = 0;
  for (let run = 0; run < 200; run++) {
    const [a, b] = [100, 60].map((n) => columnsOf(pairs(n, 0.5, rng), (x) => Math.exp(3 * x)));
    if (rankCorrelationChanges(a, b).some(({ adjustedPValue }) => adjustedPValue <= 0.1)) alarms++;
  }
  // 10 % of 200 are 20; three standard errors above are 33.
  expect(alarms).toBeLessThanOrEqual(33);
  expect(rankCorrelationChanges(new Map(), new Map())).toEqual([]);
});
