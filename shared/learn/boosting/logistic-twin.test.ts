import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { fitBoosting } from './fit-boosting.ts';

type Row = { x: number[]; y: number; score: number };
type Side = { rows: Row[]; gain: number; parts: [Row[], Row[]] | null };

const ROUNDS = 15;
const LEAVES = 5;
const LEAST_ROWS = 8;
const LEAST_WEIGHT = 1;
const L2 = 0.7;
const RATE = 0.3;

const share = ({ score }: Row) => 1 / (1 + Math.exp(-score));
const sum = (rows: Row[], value: (row: Row) => number) =>
  rows.reduce((total, row) => total + value(row), 0);
const gradient = (rows: Row[]) => sum(rows, (row) => share(row) - row.y);
const hessian = (rows: Row[]) => sum(rows, (row) => share(row) * (1 - share(row)));
const worth = (rows: Row[]) => gradient(rows) ** 2 / (hessian(rows) + L2);

const isLeftOf = (x: number, cut: number, missingLeft: boolean) =>
  Number.isNaN(x) ? missingLeft : x <= cut;

/** Every column, every value, missing either way; sums are taken row by row each time. */
function bestParts(rows: Row[]): Side {
  const best: Side = { rows, gain: 1e-9, parts: null };
  for (let column = 0; column < rows[0].x.length; column++)
    for (const cut of new Set(rows.map(({ x }) => x[column])))
      for (const missingLeft of [false, true]) {
        const left = rows.filter(({ x }) => isLeftOf(x[column], cut, missingLeft));
        const right = rows.filter((row) => !left.includes(row));
        if (Math.min(left.length, right.length) < LEAST_ROWS) continue;
        if (Math.min(hessian(left), hessian(right)) < LEAST_WEIGHT) continue;
        const gain = worth(left) + worth(right) - worth(rows);
        if (gain > best.gain) Object.assign(best, { gain, parts: [left, right] });
      }
  return best;
}

/** Boosting as the papers write it: no bins, no histograms, no subtraction. */
function boostNaively(rows: Row[]): void {
  const positive = sum(rows, ({ y }) => y) / rows.length;
  for (const row of rows) row.score = Math.log(positive / (1 - positive));
  for (let round = 0; round < ROUNDS; round++) {
    let sides = [bestParts(rows)];
    while (sides.length < LEAVES) {
      const next = sides.reduce((a, b) => (b.parts && (!a.parts || b.gain > a.gain) ? b : a));
      if (!next.parts) break;
      sides = sides.flatMap((side) => (side === next ? next.parts!.map(bestParts) : [side]));
    }
    const values = sides.map((side) => (-RATE * gradient(side.rows)) / (hessian(side.rows) + L2));
    sides.forEach((side, i) => {
      for (const row of side.rows) row.score += values[i];
    });
  }
}

test('logistic boosting is what its naive twin says', () => {
  const rng = createRng(12);
  const rows = Array.from({ length: 70 }, (): Row => {
    const x = [normal(rng), rng() < 0.2 ? Number.NaN : Math.floor(rng() * 5)].map(Math.fround);
    const raw = x[0] ** 2 + (Number.isNaN(x[1]) ? 1 : x[1] / 2) + normal(rng);
    return { x, y: raw > 2 ? 1 : 0, score: 0 };
  });
  const data = Float32Array.from(rows.flatMap(({ x }) => x));
  const matrix = { rows: rows.length, names: ['a', 'b'], data, categories: [] };
  const target = Float64Array.from(rows, ({ y }) => y);
  const learning = { task: 'binary', matrix, target, classes: 2, weights: null } as const;
  const parameters = {
    ...{ maxIter: ROUNDS, maxLeafNodes: LEAVES, minSamplesLeaf: LEAST_ROWS, learningRate: RATE },
    ...{ minChildWeight: LEAST_WEIGHT, l2Regularization: L2, earlyStopping: false },
  };
  const model = fitBoosting(learning, parameters, { rng });
  const probabilities = scoreTrees(model, matrix);
  boostNaively(rows);
  rows.forEach((row, i) => {
    expect(probabilities[2 * i + 1]).toBeCloseTo(share(row), 5);
  });
});
