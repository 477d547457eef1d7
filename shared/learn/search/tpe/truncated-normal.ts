import { normal, type Rng } from '../../../core/rng.ts';
import { normalCdf } from '../../../stats/distributions/normal.ts';

const MOST_TRIES = 1000;

/** A normal distribution cut to [low, high]; its mean lies within. */
export type TruncatedNormal = { mean: number; deviation: number; low: number; high: number };

/**
 * A random number from it, by drawing until one is inside. The mean lies within and the deviation
 * is at most the interval, so that a third of the draws are inside at least.
 */
export function drawTruncatedNormal(truncated: TruncatedNormal, rng: Rng): number {
  const { mean, deviation, low, high } = truncated;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const at = mean + deviation * normal(rng);
    if (at >= low && at <= high) return at;
  }
  return mean;
}

/** Mass of the uncut normal distribution between two points. */
export function normalMass(from: number, to: number): number {
  return from > 0 ? normalCdf(-from) - normalCdf(-to) : normalCdf(to) - normalCdf(from);
}
