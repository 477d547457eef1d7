import { unitScale } from '../tests/unit-scale.ts';
import { type PlacedCounts, sumOf, valueRuns } from '../tests/value-runs.ts';

/**
 * First Wasserstein (earth mover's) distance of two samples, in their unit: the area between the two
 * distribution functions. Null when a sample is empty. Reference: scipy.stats.wasserstein_distance 1.10.1.
 */
export function wassersteinDistance(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const scale = unitScale(a, b);
  const distance = wassersteinOfCounts(valueRuns(scaled(a, scale), scaled(b, scale)));
  return distance === null ? null : distance / scale;
}

/**
 * Energy distance of two samples: sqrt(2 times the integral of the squared distance of the two distribution
 * functions). Null when a sample is empty. Szekely (2002); reference: scipy.stats.energy_distance 1.10.1.
 */
export function energyDistance(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const scale = unitScale(a, b);
  const distance = energyOfCounts(valueRuns(scaled(a, scale), scaled(b, scale)));
  return distance === null ? null : distance / Math.sqrt(scale);
}

/** The values times a power of two, so that a difference of them does not overflow. */
const scaled = (values: ArrayLike<number>, scale: number): ArrayLike<number> =>
  scale === 1 ? values : Float64Array.from(values, (value) => value * scale);

/** `wassersteinDistance` of counted values. Cost: O(distinct values). */
export const wassersteinOfCounts = (runs: PlacedCounts): number | null =>
  areaBetween(runs, Math.abs);

/** `energyDistance` of counted values. Cost: O(distinct values). */
export function energyOfCounts(runs: PlacedCounts): number | null {
  const area = areaBetween(runs, (gap) => gap * gap);
  return area === null ? null : Math.sqrt(2 * area);
}

function areaBetween(
  { values, a, b }: PlacedCounts,
  measure: (gap: number) => number,
): number | null {
  const [n, m] = [sumOf(a), sumOf(b)];
  if (n === 0 || m === 0) return null;
  let area = 0;
  let belowA = 0;
  let belowB = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    belowA += a[i];
    belowB += b[i];
    const gap = belowA / n - belowB / m;
    if (gap !== 0) area += measure(gap) * (values[i + 1] - values[i]);
  }
  return area;
}
