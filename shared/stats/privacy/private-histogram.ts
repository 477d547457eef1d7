import { fail, ok, type Result } from '../../core/result.ts';
import type { Rng } from '../../core/rng.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { checkEpsilon, type EpsilonError } from './check-epsilon.ts';
import type { PrivateEstimate } from './randomised-response.ts';

/** Counts below 0 or not finite would be clipped to nothing: the noise would not cover them. */
export type PrivateCountsError =
  | EpsilonError
  | { reason: 'bad_count'; cell: number; count: number }
  | { reason: 'bad_total'; maxTotal: number };

/**
 * One device's counts, told under epsilon-local differential privacy: scaled down to at most `maxTotal` values in
 * all, then Laplace noise of scale 2 maxTotal / epsilon on every cell. Any two devices' answers are as likely
 * within a factor e^eps. Sums of many devices estimate the sum of their clipped counts without bias.
 * @param counts >= 0, shape [k]
 * Source: Dwork et al., Calibrating noise to sensitivity (2006); the L1 distance of two clipped histograms is at most 2 maxTotal.
 */
export function privatiseCounts(
  counts: readonly number[],
  { maxTotal, epsilon, rng }: { maxTotal: number; epsilon: number; rng: Rng },
): Result<number[], PrivateCountsError> {
  const told = checkEpsilon(epsilon);
  if (!told.ok) return told;
  if (!(maxTotal > 0 && maxTotal < Infinity)) return fail({ reason: 'bad_total', maxTotal });
  const cell = counts.findIndex((count) => !(count >= 0 && count < Infinity));
  if (cell >= 0) return fail({ reason: 'bad_count', cell, count: counts[cell] });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const scale = total > maxTotal ? maxTotal / total : 1;
  return ok(counts.map((count) => count * scale + laplace((2 * maxTotal) / epsilon, rng)));
}

/**
 * The sum of clipped counts over devices, from the sum of their noisy answers, with an interval for the noise.
 * @param sums of answers, shape [k]
 */
export function estimateCounts(
  sums: readonly number[],
  {
    devices,
    maxTotal,
    epsilon,
    alpha,
  }: { devices: number; maxTotal: number; epsilon: number; alpha: number },
): Result<PrivateEstimate[], EpsilonError> {
  const told = checkEpsilon(epsilon);
  if (!told.ok) return told;
  const deviation = Math.sqrt(2 * devices) * ((2 * maxTotal) / epsilon);
  const reach = normalQuantile(alpha / 2, 'upper') * deviation;
  return ok(sums.map((value) => ({ value, interval: [value - reach, value + reach] })));
}

/** The largest double below one half: a uniform number of exactly 0 is no infinite noise. */
const BELOW_HALF = 0.5 - 2 ** -54;

/** A Laplace number by inversion. */
function laplace(scale: number, rng: Rng): number {
  const u = rng() - 0.5;
  return -scale * Math.sign(u) * Math.log1p(-2 * Math.min(Math.abs(u), BELOW_HALF));
}
