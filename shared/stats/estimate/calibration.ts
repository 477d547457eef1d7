import { type Rng, shuffle } from '../../core/rng.ts';
import { applyIsotonic, fitIsotonic, type IsotonicMap } from './isotonic.ts';
import { rocAuc } from './roc-auc.ts';

/** Probabilities of the positive class and what happened (0 or 1), equal lengths. */
export type Labelled = { probabilities: readonly number[]; labels: readonly number[] };

/** Bins of the calibration error, and splits by which calibrating is tried. */
const BINS = 10;
const SPLITS = 10;
const TEST_SHARE = 0.1;
/** Scores that separate as well as this are left alone. */
const SEPARATED_AUC = 0.999;

/**
 * Expected calibration error: the mean over ten bins of equal width, weighted by their size, of
 * |mean probability - share of positives|. 0 for an empty sample.
 */
export function calibrationError({ probabilities, labels }: Labelled): number {
  const gaps = new Array<number>(BINS).fill(0);
  probabilities.forEach((p, i) => {
    gaps[Math.min(BINS - 1, Math.floor(p * BINS))] += p - labels[i];
  });
  const total = gaps.reduce((sum, gap) => sum + Math.abs(gap), 0);
  return probabilities.length === 0 ? 0 : total / probabilities.length;
}

/**
 * The isotonic map that makes a reference's probabilities honest, or null where they are as good as they are:
 * it is used only when it lowers the calibration error on held-out tenths, over ten stratified splits.
 * @param rng draws the splits
 * Reference: NannyML 0.13.1, `needs_calibration`.
 */
export function fitCalibration(reference: Labelled, rng: Rng): IsotonicMap | null {
  const auc = rocAuc(reference);
  if (auc === null || auc > SEPARATED_AUC) return null;
  let before = 0;
  let after = 0;
  for (let split = 0; split < SPLITS; split++) {
    const { train, test } = stratifiedSplit(reference, rng);
    const map = fitIsotonic(train.probabilities, train.labels);
    before += calibrationError(test);
    after += calibrationError({
      labels: test.labels,
      probabilities: test.probabilities.map((p) => applyIsotonic(map, p)),
    });
  }
  return after < before ? fitIsotonic(reference.probabilities, reference.labels) : null;
}

function stratifiedSplit(
  { probabilities, labels }: Labelled,
  rng: Rng,
): { train: Labelled; test: Labelled } {
  const isTest = new Uint8Array(labels.length);
  for (const label of [0, 1]) {
    const rows = labels.flatMap((value, i) => (value === label ? [i] : []));
    for (const i of shuffle(rows, rng).slice(0, Math.round(rows.length * TEST_SHARE)))
      isTest[i] = 1;
  }
  const part = (wanted: number): Labelled => ({
    probabilities: probabilities.filter((_, i) => isTest[i] === wanted),
    labels: labels.filter((_, i) => isTest[i] === wanted),
  });
  return { train: part(0), test: part(1) };
}
