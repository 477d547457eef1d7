import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { scoreRows } from '../fitted-estimator.ts';
import { NEIGHBOURS_ALGORITHMS } from '../neighbours/algorithms.ts';
import { anomalyPValue, calibrateAnomalies } from './anomaly-threshold.ts';
import { outOfFoldScores } from './out-of-fold-scores.ts';

const rng = createRng(3);
const ordinary = Float32Array.from({ length: 2000 }, () => normal(rng));
const strange = Float32Array.from({ length: 100 }, () => 8 + normal(rng));
const mixed = Float32Array.from([...ordinary, ...strange]);

test('the stated share of scores lies above', () => {
  const { threshold, flagged } = calibrateAnomalies(ordinary, {
    type: 'contamination',
    contamination: 0.05,
  });
  expect(flagged).toBeCloseTo(0.05, 3);
  expect(threshold).toBeGreaterThan(1.5);
});

test.each([
  { type: 'mixture' },
  { type: 'deviations', factor: 3.5 },
  { type: 'fence', factor: 2 },
] as const)('$type finds the strange without being told how many they are', (method) => {
  expect(calibrateAnomalies(mixed, method).flagged).toBeCloseTo(100 / 2100, 2);
});

test('one distribution has no second half', () => {
  expect(calibrateAnomalies(ordinary, { type: 'mixture' }).flagged).toBe(0);
  expect(calibrateAnomalies(new Float32Array(50).fill(2), { type: 'mixture' }).flagged).toBe(0);
});

test('p values of new ordinary scores are uniform', () => {
  const calibration = calibrateAnomalies(ordinary, { type: 'contamination', contamination: 0.01 });
  const fresh = Float32Array.from({ length: 4000 }, () => normal(rng));
  for (const level of [0.005, 0.01, 0.05, 0.2, 0.5, 0.8]) {
    const below = fresh.filter((score) => anomalyPValue(calibration, score) <= level).length / 4000;
    expect(Math.abs(below - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / 1300));
  }
});

test('a p value falls with the score, from 1 to 1 / (n + 1)', () => {
  const calibration = calibrateAnomalies(ordinary, { type: 'contamination', contamination: 0.01 });
  let before = 1;
  for (let score = -6; score <= 6; score += 0.05) {
    const p = anomalyPValue(calibration, score);
    expect(p).toBeLessThanOrEqual(before);
    before = p;
  }
  expect(before).toBeCloseTo(1 / 2001, 10);
  expect(anomalyPValue(calibration, -9)).toBe(1);
});

test('a row is no neighbour of its own out of fold', () => {
  const matrix = {
    rows: 60,
    names: ['a', 'b'],
    data: Float32Array.from({ length: 120 }, () => normal(rng)),
    categories: [],
  };
  const data = {
    task: 'anomaly',
    matrix,
    target: new Float64Array(0),
    classes: 0,
    weights: null,
  } as const;
  const algorithm = NEIGHBOURS_ALGORITHMS.find(({ name }) => name === 'neighbour-distance')!;
  const parameters = { nNeighbors: 1, method: 'largest' };
  const options = { rng: createRng(1) };
  const seen = scoreRows(algorithm.fit(data, parameters, options), matrix);
  expect(Math.max(...seen)).toBe(0);
  const unseen = outOfFoldScores(data, { algorithm, parameters, folds: 5 }, options);
  expect(Math.min(...unseen)).toBeGreaterThan(0);
});
