import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../core/rng.ts';
import { profileOfNumbers } from '../profile/reference-profile.ts';
import { fitCalibration, type Labelled } from './calibration.ts';
import { calibrationQuality } from './calibration-quality.ts';
import { estimatePerformance } from './confidence-based.ts';
import { doubtsOf, type EstimateDoubt, errorsOf, trustOf } from './estimate-doubts.ts';
import { expectedAuc } from './expected-auc.ts';
import { rocAuc } from './roc-auc.ts';

/** Rows whose probabilities are off by `bias` everywhere. */
function rows(n: number, rng: Rng, bias = 0): Labelled {
  const probabilities = Array.from({ length: n }, () => 0.2 + 0.6 * rng());
  return { probabilities, labels: probabilities.map((p) => (rng() < p - bias ? 1 : 0)) };
}

function doubts(reference: Labelled, probabilities: readonly number[]): EstimateDoubt[] {
  const rng = createRng(42);
  const calibration = fitCalibration(reference, rng);
  const trust = trustOf(reference, { calibration, rng })!;
  const estimate = estimatePerformance(probabilities, calibration)!;
  const profile = profileOfNumbers(reference.probabilities);
  return doubtsOf({ probabilities, estimate }, { profile, trust }).doubts;
}

test.each([
  ['spread', (rng: Rng) => rng()],
  ['rare', (rng: Rng) => 0.1 * rng() ** 3],
  ['tied', (rng: Rng) => 0.1 + 0.16 * Math.floor(6 * rng())],
])('the standard error of ROC-AUC is how far labels of %s chances scatter it', (_, draw) => {
  const rng = createRng(5);
  const chances = Array.from({ length: 400 }, () => draw(rng));
  const { value, standardError } = expectedAuc(chances)!;
  let [mean, squares] = [0, 0];
  for (let run = 1; run <= 400; run++) {
    const labels = chances.map((p) => (rng() < p ? 1 : 0));
    const gap = rocAuc({ probabilities: chances, labels })! - mean;
    mean += gap / run;
    squares += gap * gap * (1 - 1 / run);
  }
  expect(Math.abs(mean - value)).toBeLessThan(0.2 * standardError);
  expect(Math.sqrt(squares / 399) / standardError).toBeGreaterThan(0.85);
  expect(Math.sqrt(squares / 399) / standardError).toBeLessThan(1.15);
});

test('one chance for all, or no class to come, has no area', () => {
  expect(expectedAuc([0.4, 0.4])).toBeNull();
  expect(expectedAuc([0, 0])).toBeNull();
  expect(expectedAuc([])).toBeNull();
  expect(expectedAuc([0, 1])).toEqual({ value: 1, standardError: 0 });
});

test('the calibration error of honest probabilities may be 0, and of others is near what they are off by', () => {
  const rng = createRng(8);
  const options = { isCalibrated: false, rng };
  for (const bias of [0, 0.05, 0.15]) {
    let held = 0;
    for (let run = 0; run < 40; run++) {
      const { value, interval } = calibrationQuality(rows(1000, rng, bias), options)!;
      expect(value).toBeGreaterThanOrEqual(interval[0]);
      expect(value).toBeLessThanOrEqual(interval[1]);
      if (interval[0] <= bias && bias <= interval[1]) held++;
    }
    expect(held / 40).toBeGreaterThan(0.82);
  }
  const off = rows(2000, rng, 0.15);
  const mended = calibrationQuality(off, { isCalibrated: true, rng })!;
  expect(mended.interval[0]).toBeLessThan(0.02);
  expect(calibrationQuality({ probabilities: [], labels: [] }, options)).toBeNull();
});

test('an estimate like its reference is not doubted', () => {
  const rng = createRng(2);
  const reference = rows(2000, rng);
  for (let run = 0; run < 5; run++)
    expect(doubts(reference, rows(500, rng).probabilities)).toEqual([]);
});

test('each reason for doubt is named', () => {
  const rng = createRng(3);
  const reference = rows(2000, rng);
  const tiny = { probabilities: [0.2, 0.9], labels: [0, 1] };
  expect(doubts(tiny, rows(500, rng).probabilities)).toContain('small_reference');
  const oneSided = {
    probabilities: reference.probabilities,
    labels: reference.labels.map(() => 0),
  };
  oneSided.labels.fill(1, 0, 10);
  expect(doubts(oneSided, rows(500, rng).probabilities)).toContain('small_reference');
  const far = new Array<number>(1000).fill(0.001);
  expect(doubts(reference, far)).toEqual(['beyond_reference', 'other_probabilities']);
  const inside = rows(1000, rng).probabilities.map((p) => 0.2 + (p - 0.2) / 4);
  expect(doubts(reference, inside)).toEqual(['other_probabilities']);
  expect(doubts(reference, rows(20, rng).probabilities)).toEqual(['small_chunk']);
});

test('probabilities that say the opposite of what happens are doubted, unless they were mended', () => {
  const rng = createRng(4);
  const reference = rows(2000, rng, 0.2);
  const trust = trustOf(reference, { calibration: null, rng })!;
  const { probabilities } = rows(500, rng);
  const told = doubtsOf(
    { probabilities, estimate: estimatePerformance(probabilities, null)! },
    { profile: profileOfNumbers(reference.probabilities), trust },
  );
  expect(told.doubts).toEqual(['poorly_calibrated']);
  expect(doubts(reference, probabilities)).toEqual([]);
});

test('the error of an estimate counts both the chunk and the reference', () => {
  const rng = createRng(6);
  const { probabilities } = rows(400, rng);
  const estimate = estimatePerformance(probabilities, null)!;
  const errorWith = (n: number) =>
    errorsOf(estimate, trustOf(rows(n, rng), { calibration: null, rng })!);
  expect(errorWith(20_000).accuracy).toBeCloseTo(estimate.accuracyStandardError, 2);
  expect(errorWith(100).accuracy).toBeGreaterThan(2 * estimate.accuracyStandardError);
  expect(errorWith(100).rocAuc!).toBeGreaterThan(errorWith(20_000).rocAuc!);
});
