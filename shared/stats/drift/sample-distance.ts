import { sortedSample, walkTies } from '../tests/sorted-sample.ts';

/**
 * First Wasserstein (earth mover's) distance of two samples, in their unit: the area between the two
 * distribution functions. Null when a sample is empty. Reference: scipy.stats.wasserstein_distance 1.10.1.
 */
export function wassersteinDistance(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  return areaBetween(a, b, Math.abs);
}

/**
 * Energy distance of two samples: sqrt(2 times the integral of the squared distance of the two distribution
 * functions). Null when a sample is empty. Szekely (2002); reference: scipy.stats.energy_distance 1.10.1.
 */
export function energyDistance(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const area = areaBetween(a, b, (gap) => gap * gap);
  return area === null ? null : Math.sqrt(2 * area);
}

function areaBetween(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  measure: (gap: number) => number,
): number | null {
  const sortedA = sortedSample(a);
  const sortedB = sortedSample(b);
  if (sortedA.length === 0 || sortedB.length === 0) return null;
  let area = 0;
  let gap = 0;
  let from = 0;
  walkTies(sortedA, sortedB, ({ value, inA, inB, belowA, belowB }) => {
    if (gap !== 0) area += measure(gap) * (value - from);
    gap = (belowA + inA) / sortedA.length - (belowB + inB) / sortedB.length;
    from = value;
  });
  return area;
}
