import type { NumberProfile } from '../../contracts/profile.ts';
import type { Rng } from '../../core/rng.ts';
import { compareProfiles } from '../drift/compare-profiles.ts';
import { psiEffect } from '../drift/effect-size.ts';
import { addNumber, createColumnProfile } from '../profile/column-profile.ts';
import type { Labelled } from './calibration.ts';
import { type CalibrationQuality, calibrationQuality } from './calibration-quality.ts';
import { type EstimatedPerformance, estimatePerformance } from './confidence-based.ts';
import type { IsotonicMap } from './isotonic.ts';

/**
 * Why not to believe an estimate by confidence: `small_reference` (fewer than 200 rows, or 30 of a class: what a
 * probability means is hardly known), `poorly_calibrated` (off by more than 3 points beyond chance), `beyond_reference`
 * (a tenth of the rows or more have a probability outside the reference's), `other_probabilities` (they are
 * distributed otherwise than the reference's: PSI 0.25 or more, beyond chance), `small_chunk` (its own error is above 5
 * points of accuracy or 10 of ROC-AUC).
 */
export type EstimateDoubt =
  | 'small_reference'
  | 'poorly_calibrated'
  | 'beyond_reference'
  | 'other_probabilities'
  | 'small_chunk';

const MIN_ROWS = 200;
const MIN_OF_CLASS = 30;
const MAX_CALIBRATION_ERROR = 0.03;
const MAX_BEYOND = 0.1;
const LARGE_PSI = 0.25;
const ALPHA = 0.01;
const MAX_ACCURACY_ERROR = 0.05;
const MAX_AUC_ERROR = 0.1;

/** What is known of how far the reference's probabilities can be trusted. */
export type ReferenceTrust = {
  n: number;
  positives: number;
  calibrationError: CalibrationQuality | null;
  /** Standard errors of estimates that come from the reference's size alone. */
  accuracyStandardError: number;
  rocAucStandardError: number | null;
  /** Least and greatest probability. */
  range: [number, number];
};

/** @param calibration from `fitCalibration` on these rows */
export function trustOf(
  reference: Labelled,
  { calibration, rng }: { calibration: IsotonicMap | null; rng: Rng },
): ReferenceTrust | null {
  const { probabilities, labels } = reference;
  const estimated = estimatePerformance(probabilities, calibration);
  if (!estimated) return null;
  let range: [number, number] = [Infinity, -Infinity];
  for (const p of probabilities) range = [Math.min(range[0], p), Math.max(range[1], p)];
  return {
    n: labels.length,
    positives: labels.filter((label) => label === 1).length,
    calibrationError: calibrationQuality(reference, { isCalibrated: calibration !== null, rng }),
    accuracyStandardError: estimated.accuracyStandardError,
    rocAucStandardError: estimated.rocAucStandardError,
    range,
  };
}

export type DoubtedEstimate = {
  doubts: EstimateDoubt[];
  /** Share of the rows whose probability is outside the reference's range. */
  beyondReference: number;
  /** How far the probabilities are from the reference's, chance taken off. */
  psi: number | null;
};

/**
 * What speaks against an estimate of one chunk, and how far its probabilities are from the reference's.
 * @param reference.profile `profileOfNumbers` of its probabilities: made once for all chunks
 */
export function doubtsOf(
  chunk: { probabilities: readonly number[]; estimate: EstimatedPerformance },
  reference: { profile: NumberProfile; trust: ReferenceTrust },
): DoubtedEstimate {
  const { probabilities, estimate } = chunk;
  const { trust } = reference;
  const [least, greatest] = trust.range;
  const beyond = probabilities.filter((p) => p < least || p > greatest).length;
  const beyondReference = beyond / probabilities.length;
  const moved = movementOf(reference.profile, probabilities);
  const fewest = Math.min(trust.positives, trust.n - trust.positives);
  const { accuracy, rocAuc } = errorsOf(estimate, trust);
  const reasons: Record<EstimateDoubt, boolean> = {
    small_reference: trust.n < MIN_ROWS || fewest < MIN_OF_CLASS,
    poorly_calibrated: (trust.calibrationError?.interval[0] ?? 0) > MAX_CALIBRATION_ERROR,
    beyond_reference: beyondReference >= MAX_BEYOND,
    other_probabilities: moved.isOther,
    small_chunk: accuracy > MAX_ACCURACY_ERROR || (rocAuc ?? 0) > MAX_AUC_ERROR,
  };
  const doubts = (Object.keys(reasons) as EstimateDoubt[]).filter((doubt) => reasons[doubt]);
  return { doubts, beyondReference, psi: moved.psi };
}

/** Standard errors of a chunk's estimates from both sizes, the chunk's and the reference's. */
export function errorsOf(
  estimate: EstimatedPerformance,
  trust: ReferenceTrust,
): { accuracy: number; rocAuc: number | null } {
  const { accuracyStandardError, rocAucStandardError } = estimate;
  return {
    accuracy: Math.hypot(accuracyStandardError, trust.accuracyStandardError),
    rocAuc:
      rocAucStandardError === null
        ? null
        : Math.hypot(rocAucStandardError, trust.rocAucStandardError ?? 0),
  };
}

function movementOf(
  reference: NumberProfile,
  now: readonly number[],
): { psi: number | null; isOther: boolean } {
  const current = createColumnProfile({ type: 'number', edges: reference.edges });
  for (const p of now) addNumber(current, p);
  const psi = psiEffect(reference.counts, current.counts)?.value ?? null;
  const test = compareProfiles(reference, current);
  const isOther = psi !== null && psi >= LARGE_PSI && test !== null && test.pValue <= ALPHA;
  return { psi, isOther };
}
