import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { calibrationError } from '../estimate/calibration.ts';
import { addScore, addScores, createScores, scoreBinOf } from '../profile/score-counts.ts';
import { probabilityMetrics } from './classifier-metrics.ts';
import { calibrationOf } from './score-calibration.ts';
import {
  confusionAt,
  decisionFigures,
  logLossOf,
  positiveShareOf,
  prAucOf,
  rocAucOf,
} from './score-figures.ts';

type Row = { probability: number; isPositive: boolean };

/** Probabilities of whole hundredths: then bins hold ties alone. */
const rows = fc.array(
  fc.record({
    probability: fc.integer({ min: 0, max: 99 }).map((hundredths) => hundredths / 100),
    isPositive: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

function scoresOf(made: readonly Row[]) {
  const scores = createScores();
  for (const { probability, isPositive } of made) addScore(scores, probability, isPositive);
  return scores;
}

const sampleOf = (made: readonly Row[]) => ({
  probabilities: made.map(({ probability }) => probability),
  labels: made.map(({ isPositive }) => (isPositive ? 1 : 0)),
});

test('of probabilities that are whole hundredths every figure is that of the rows themselves', () => {
  const thresholds = fc.integer({ min: 1, max: 99 }).map((hundredths) => hundredths / 100);
  fc.assert(
    fc.property(rows, thresholds, (made, threshold) => {
      const scores = scoresOf(made);
      const sample = sampleOf(made);
      const exact = probabilityMetrics(sample, { threshold });
      const figureOf = (name: string) =>
        exact.find((metric) => metric.name === name)?.value ?? null;
      const decided = decisionFigures(confusionAt(scores, threshold));
      for (const [name, value] of Object.entries({ ...decided, roc_auc: rocAucOf(scores) })) {
        const expected = figureOf(name);
        if (expected === null) expect(value).toBeNull();
        else expect(value).toBeCloseTo(expected, 12);
      }
      expect(calibrationOf(scores)!.error).toBeCloseTo(calibrationError(sample), 12);
    }),
  );
});

test('average precision is the mean precision at the positive rows', () => {
  fc.assert(
    fc.property(rows, (made) => {
      const positives = made.filter(({ isPositive }) => isPositive);
      const precisions = positives.map(({ probability }) => {
        const above = made.filter((other) => other.probability >= probability);
        return above.filter(({ isPositive }) => isPositive).length / above.length;
      });
      const mean = precisions.reduce((sum, precision) => sum + precision, 0) / positives.length;
      const found = prAucOf(scoresOf(made));
      if (positives.length === 0) expect(found).toBeNull();
      else expect(found).toBeCloseTo(mean, 12);
    }),
  );
});

test('figures of twelve rows are what scikit-learn 1.2.1 prints', () => {
  const labels = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0];
  const probabilities = [0.1, 0.8, 0.35, 0.35, 0.9, 0.5, 0, 0.6, 0.2, 1, 0.7, 0.35];
  const scores = scoresOf(
    labels.map((label, i) => ({ probability: probabilities[i], isPositive: label === 1 })),
  );
  expect(rocAucOf(scores)).toBeCloseTo(0.8857142857142857, 14);
  expect(prAucOf(scores)).toBeCloseTo(0.8711111111111112, 14);
  expect(logLossOf(scores)).toBeCloseTo(0.4146951416066275, 14);
  expect(calibrationOf(scores)!.error).toBeCloseTo(0.1875, 14);
  expect(positiveShareOf(scores)).toBeCloseTo(5 / 12, 14);
  expect(decisionFigures(confusionAt(scores, 0.5))).toEqual({
    accuracy: 0.75,
    precision: 4 / 6,
    recall: 0.8,
  });
});

test('a probability belongs to the hundredth it begins, also where its double is a little less', () => {
  for (let hundredth = 0; hundredth < 100; hundredth++)
    expect(scoreBinOf(hundredth / 100)).toBe(hundredth);
  expect(scoreBinOf(1)).toBe(99);
  expect(scoreBinOf(Math.fround(0.29))).toBe(28);
  expect(scoreBinOf(0.2999)).toBe(29);
});

test('counts of two windows together are those of all their rows', () => {
  fc.assert(
    fc.property(rows, rows, (first, second) => {
      const whole = scoresOf([...first, ...second]);
      const merged = addScores(scoresOf(first), scoresOf(second));
      expect(merged.positive).toEqual(whole.positive);
      expect(merged.negative).toEqual(whole.negative);
      expect(rocAucOf(merged)).toBe(rocAucOf(whole));
      expect(calibrationOf(merged)!.error).toBeCloseTo(calibrationOf(whole)!.error, 12);
    }),
  );
});

test('without outcomes, or without those of one class, what cannot be said is null and never NaN', () => {
  const none = createScores();
  expect([rocAucOf(none), prAucOf(none), logLossOf(none), calibrationOf(none)]).toEqual([
    ...[null, null, null, null],
  ]);
  expect(decisionFigures(confusionAt(none, 0.5))).toEqual({
    ...{ accuracy: null, precision: null, recall: null },
  });
  const certain = scoresOf([{ probability: 1, isPositive: false }]);
  expect(rocAucOf(certain)).toBeNull();
  expect(logLossOf(certain)).toBeCloseTo(34.539, 3);
});

/** Mean over many draws of n rows whose outcomes happen `off` more often than they were told to. */
function meanCalibration(n: number, off: number): { error: number; errorBeyondChance: number } {
  const rng = createRng(n + Math.round(1000 * off));
  const runs = 300;
  let error = 0;
  let errorBeyondChance = 0;
  for (let run = 0; run < runs; run++) {
    const scores = createScores();
    for (let i = 0; i < n; i++) {
      const p = 0.05 + 0.75 * rng();
      addScore(scores, p, rng() < p + off);
    }
    const found = calibrationOf(scores)!;
    error += found.error / runs;
    errorBeyondChance += found.errorBeyondChance / runs;
  }
  return { error, errorBeyondChance };
}

test('what chance adds to the calibration error is taken away, of honest probabilities and of others', () => {
  for (const [n, off] of [
    [100, 0],
    [400, 0],
    [100, 0.1],
    [400, 0.1],
    [2000, 0.05],
  ]) {
    const { error, errorBeyondChance } = meanCalibration(n, off);
    const name = `${n} rows, off by ${off}`;
    // Between the truth and six tenths of what chance added: never a hundredth less than there is.
    expect(errorBeyondChance - off, name).toBeLessThan(0.6 * (error - off) + 0.002);
    expect(errorBeyondChance - off, name).toBeGreaterThan(-0.008);
  }
});
