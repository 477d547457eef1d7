import { normalCdf, normalQuantile } from '../../../stats/distributions/normal.ts';

/** A normal distribution cut to [low, high]; its mean lies within. */
export type TruncatedNormal = { mean: number; deviation: number; low: number; high: number };

/**
 * The value below which a share `unit` of the mass lies. The tail on the side of the mean's
 * further end is used, so that no digits are lost.
 */
export function truncatedNormalQuantile(normal: TruncatedNormal, unit: number): number {
  const { mean, deviation, low, high } = normal;
  const below = normalCdf((low - mean) / deviation);
  const above = normalCdf((mean - high) / deviation);
  const inside = 1 - below - above;
  const at =
    unit < 0.5
      ? normalQuantile(below + unit * inside)
      : normalQuantile(above + (1 - unit) * inside, 'upper');
  return Math.min(high, Math.max(low, mean + deviation * at));
}

/** Mass of the uncut normal distribution between two points. */
export function normalMass(from: number, to: number): number {
  return from > 0 ? normalCdf(-from) - normalCdf(-to) : normalCdf(to) - normalCdf(from);
}
