import { normal, type Rng, shuffle } from '../../core/rng.ts';
import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { quantileOfSorted } from '../moments.ts';
import type { Labelled } from './calibration.ts';
import { applyIsotonic, fitIsotonic } from './isotonic.ts';

/** Expected calibration error of the population, what few rows alone add taken off, and its 95 % interval. */
export type CalibrationQuality = { value: number; interval: [number, number] };

const BINS = 10;
const FOLDS = 5;
const DRAWS = 400;
const ALPHA = 0.025;

/**
 * How far a reference's probabilities are from what happened, as they will be used: those that were made honest are
 * calibrated anew on four fifths of the rows for the last fifth, so that they do not flatter themselves.
 *
 * Definition: `calibrationError`, turned by the basic bootstrap over bins (each bin's gap has a normal error of the
 * variance of its labels), which takes off what few rows alone add: its median, and its interval; from 0 where a test
 * finds no gap.
 * @param isCalibrated is the isotonic map of `fitCalibration` applied to the probabilities?
 * @returns null of no rows
 * Cost: five fits of `fitIsotonic`.
 */
export function calibrationQuality(
  reference: Labelled,
  { isCalibrated, rng }: { isCalibrated: boolean; rng: Rng },
): CalibrationQuality | null {
  const n = reference.labels.length;
  if (n === 0) return null;
  const honest = isCalibrated ? crossFitted(reference, rng) : reference.probabilities;
  const gaps = new Float64Array(BINS);
  const variances = new Float64Array(BINS);
  honest.forEach((p, i) => {
    const bin = Math.min(BINS - 1, Math.floor(p * BINS));
    gaps[bin] += p - reference.labels[i];
    variances[bin] += p * (1 - p);
  });
  const seen = gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / n;
  const drawn = Float64Array.from({ length: DRAWS }, () =>
    gaps.reduce(
      (sum, gap, bin) => sum + Math.abs(gap + Math.sqrt(variances[bin]) * normal(rng)),
      0,
    ),
  ).sort();
  const bound = (q: number): number =>
    Math.min(1, Math.max(0, 2 * seen - quantileOfSorted(drawn, q) / n));
  const isSure = hosmerLemeshow(gaps, variances) <= ALPHA;
  return { value: bound(0.5), interval: [isSure ? bound(0.975) : 0, bound(0.025)] };
}

/** Chance of such gaps where the probabilities are honest. Source: Hosmer and Lemeshow (1980). */
function hosmerLemeshow(gaps: Float64Array, variances: Float64Array): number {
  let [statistic, df] = [0, 0];
  variances.forEach((variance, bin) => {
    if (variance === 0) return;
    statistic += gaps[bin] ** 2 / variance;
    df++;
  });
  return df === 0 ? 1 : chiSquareSurvival(statistic, df);
}

function crossFitted({ probabilities, labels }: Labelled, rng: Rng): number[] {
  const order = shuffle(
    labels.map((_, i) => i),
    rng,
  );
  const honest = [...probabilities];
  for (let fold = 0; fold < FOLDS; fold++) {
    const rest = order.filter((_, at) => at % FOLDS !== fold);
    if (rest.length === 0) continue;
    const map = fitIsotonic(
      rest.map((i) => probabilities[i]),
      rest.map((i) => labels[i]),
    );
    order.forEach((i, at) => {
      if (at % FOLDS === fold) honest[i] = applyIsotonic(map, probabilities[i]);
    });
  }
  return honest;
}
