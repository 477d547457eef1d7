import type { Rng } from '../../core/rng.ts';
import { normalQuantile } from '../distributions/normal.ts';
import type { PrivateEstimate } from './randomised-response.ts';

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
): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const scale = total > maxTotal ? maxTotal / total : 1;
  return counts.map((count) => count * scale + laplace((2 * maxTotal) / epsilon, rng));
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
): PrivateEstimate[] {
  const deviation = Math.sqrt(2 * devices) * ((2 * maxTotal) / epsilon);
  const reach = normalQuantile(alpha / 2, 'upper') * deviation;
  return sums.map((value) => ({ value, interval: [value - reach, value + reach] }));
}

/** A Laplace number by inversion. */
function laplace(scale: number, rng: Rng): number {
  const u = rng() - 0.5;
  return -scale * Math.sign(u) * Math.log1p(-2 * Math.abs(u));
}
