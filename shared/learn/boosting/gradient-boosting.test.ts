import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { binMatrix } from './bin-matrix.ts';
import { toTreesEstimator } from './boosted-trees.ts';
import { logisticLoss, softmaxLoss } from './class-loss.ts';
import {
  createRounds,
  type GradientBoostingOptions,
  startGradientBoosting,
} from './gradient-boosting.ts';
import { type Loss, squaredLoss } from './loss.ts';

const ROWS = 150;
const CLASSES = 3;

const LEVELS = 6;
const WIDTH = 2 + LEVELS;

/** Two numbers, one of them with gaps, and a one-hot block. */
function problem() {
  const rng = createRng(4);
  const data = new Float32Array(ROWS * WIDTH);
  const raw = new Float64Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const level = Math.floor(rng() * (LEVELS + 1));
    data.set([normal(rng), rng() < 0.2 ? Number.NaN : normal(rng)], row * WIDTH);
    if (level < LEVELS) data[row * WIDTH + 2 + level] = 1;
    raw[row] = data[row * WIDTH] * 2 + (level % 2) * 8 + normal(rng) / 2;
  }
  const categories = [{ start: 2, levels: LEVELS }];
  const names = Array.from({ length: WIDTH }, (_, j) => `x${j}`);
  const matrix: Matrix = { rows: ROWS, names, data, categories };
  return { matrix, raw, binned: binMatrix(matrix) };
}

const PLAIN = { subsample: 1, colsampleByTree: 1, colsampleByNode: 1 };
const TREE = { maxLeaves: 6, minSamplesLeaf: 4, l2: 1, learningRate: 0.2 };
const WAYS: [string, Partial<GradientBoostingOptions>][] = [
  ['plain', {}],
  ['dart', { dart: { dropRate: 0.3, skipDrop: 0.2, maxDrop: 5 } }],
  ['goss', { goss: { topRate: 0.3, otherRate: 0.2 } }],
  ['level set', { tree: { ...TREE, maxCategorySet: 4 } }],
  ['parts', { subsample: 0.6, colsampleByTree: 0.7, colsampleByNode: 0.7 }],
];
const LOSSES: [string, Loss, (raw: number) => number][] = [
  ['squared', squaredLoss, (raw) => raw],
  ['logistic', logisticLoss, (raw) => (raw > 1 ? 1 : 0)],
  ['softmax', softmaxLoss(CLASSES), (raw) => (raw < 0 ? 0 : raw < 2 ? 1 : 2)],
];
const CASES = WAYS.flatMap(([way, options]) =>
  LOSSES.map(([name, loss, label]) => [way, name, { options, loss, label }] as const),
);

type Case = (typeof CASES)[number][2];

function boosted({ options, loss, label }: Case, pieces: readonly number[]) {
  const { matrix, raw, binned } = problem();
  const all = Uint32Array.from({ length: ROWS }, (_, row) => row);
  const data = {
    ...{ matrix: binned.matrix, target: raw.map(label), weights: null },
    ...{ train: all.filter((row) => row % 3 > 0), validation: all.filter((row) => row % 3 === 0) },
  };
  const chosen = { loss, tree: TREE, rng: createRng(9), ...PLAIN, ...options };
  const state = startGradientBoosting(data, loss);
  for (const rounds of pieces) {
    const addRound = createRounds(state, data, chosen);
    for (let round = 0; round < rounds; round++) addRound();
  }
  return { state, matrix, binned };
}

test.each(CASES)('%s boosting of the %s loss goes on as if it had not paused', (_, __, given) => {
  expect(boosted(given, [5, 7]).state).toEqual(boosted(given, [12]).state);
});

test.each(CASES)(
  '%s boosting of the %s loss keeps the scores that its trees give',
  (_, __, given) => {
    const { state, matrix, binned } = boosted(given, [12]);
    const scores = scoreTrees(toTreesEstimator(state, binned, 'identity'), matrix);
    const outputs = state.base.length;
    scores.forEach((score, i) => {
      const kept = state.base[i % outputs] + state.scores[i % outputs][Math.floor(i / outputs)];
      expect(score).toBeCloseTo(kept, 5);
    });
  },
);

test('a set of levels is parted from the rest at once, and covers count its rows', () => {
  const given = { options: { tree: { ...TREE, maxLeaves: 2, maxCategorySet: 4 } } };
  const { state, binned, matrix } = boosted({ ...CASES[0][2], ...given, loss: squaredLoss }, [1]);
  const { feature, cover, left, right, value } = toTreesEstimator(state, binned, 'identity');
  const levels = [...feature].filter((column) => column >= 0).map((column) => column - 2);
  expect(levels.length).toBeGreaterThan(1);
  expect(new Set(levels.map((level) => level % 2)).size).toBe(1);
  expect(new Set(value.filter((each) => each !== 0)).size).toBe(2);
  feature.forEach((column, i) => {
    if (column < 0 || cover === null) return;
    expect(cover[left[i]] + cover[right[i]]).toBe(cover[i]);
    const ofLevel = Array.from({ length: ROWS }, (_, row) => row).filter(
      (row) => row % 3 > 0 && matrix.data[row * WIDTH + column] === 1,
    );
    expect(cover[right[i]]).toBe(ofLevel.length);
  });
});
