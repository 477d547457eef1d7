import type { NumberProfile } from '../../contracts/profile.ts';
import { countOf } from './column-profile.ts';

/**
 * The q-th quantile of a profiled sample, interpolated linearly inside its bin.
 *
 * Definition: the x at which the piecewise linear distribution function through (edge, share <= edge)
 * reaches q. The two open bins have no far end: a quantile inside one is its edge, a bound.
 * @param q in [0, 1]
 * @returns null when nothing was counted or there is no edge; within one bin width of the sample's own
 */
export function quantileOfProfile(profile: NumberProfile, q: number): number | null {
  const n = countOf(profile);
  const { edges, counts } = profile;
  if (n === 0 || edges.length === 0) return null;
  const target = q * n;
  let below = counts[0];
  if (target <= below) return edges[0];
  for (let i = 1; i < edges.length; i++) {
    if (target <= below + counts[i]) {
      const share = counts[i] === 0 ? 0 : (target - below) / counts[i];
      return edges[i - 1] + share * (edges[i] - edges[i - 1]);
    }
    below += counts[i];
  }
  return edges[edges.length - 1];
}

/** Mean of a profiled column; null when nothing was counted. */
export function meanOfProfile(profile: NumberProfile): number | null {
  const n = countOf(profile);
  return n === 0 ? null : (profile.origin ?? 0) + profile.sum / n;
}
