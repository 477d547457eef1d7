import { ok, type Result } from '../../core/result.ts';
import type { Rng } from '../../core/rng.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { checkEpsilon, type EpsilonError } from './check-epsilon.ts';

/** An unbiased estimate made from noisy answers, with an interval that counts noise and sampling. May be below 0. */
export type PrivateEstimate = { value: number; interval: [number, number] };

/**
 * One device's category, told under epsilon-local differential privacy: the truth with chance e^eps / (e^eps + k - 1),
 * else one of the others, all alike. Whoever reads the answer learns at most a factor e^eps about the truth.
 * @param cell in 0..k-1
 * Source: Warner (1965); Kairouz, Bonawitz and Ramage, Discrete distribution estimation under local privacy (2016).
 */
export function randomiseCell(
  cell: number,
  k: number,
  { epsilon, rng }: { epsilon: number; rng: Rng },
): Result<number, EpsilonError> {
  const told = checkEpsilon(epsilon);
  if (!told.ok) return told;
  if (k < 2 || rng() < truthChance(k, epsilon)) return ok(cell);
  const other = Math.floor(rng() * (k - 1));
  return ok(other < cell ? other : other + 1);
}

/**
 * How many devices are truly in each cell, from the counts of randomised answers: unbiased, one interval a cell.
 * @param counts of answers, shape [k]
 * @returns [] without answers
 */
export function estimateCells(
  counts: readonly number[],
  { epsilon, alpha }: { epsilon: number; alpha: number },
): Result<PrivateEstimate[], EpsilonError> {
  const told = checkEpsilon(epsilon);
  if (!told.ok) return told;
  const k = counts.length;
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) return ok([]);
  if (k < 2) return ok(counts.map((count) => ({ value: count, interval: [count, count] })));
  const truth = truthChance(k, epsilon);
  const other = (1 - truth) / (k - 1);
  const z = normalQuantile(alpha / 2, 'upper');
  const estimates = counts.map((count): PrivateEstimate => {
    const value = (count - n * other) / (truth - other);
    const share = count / n;
    const deviation = Math.sqrt(n * share * (1 - share)) / (truth - other);
    return { value, interval: [value - z * deviation, value + z * deviation] };
  });
  return ok(estimates);
}

const truthChance = (k: number, epsilon: number): number => 1 / (1 + (k - 1) * Math.exp(-epsilon));
