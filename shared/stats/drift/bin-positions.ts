import type { NumberProfile } from '../../contracts/profile.ts';
import { countOf, mergeColumnProfiles } from '../profile/column-profile.ts';

/**
 * Where the values of each bin are taken to be, for methods that need distances: one place a bin, the same for both
 * profiles, so that the law of an unchanged column stays what it is.
 *
 * Definition: the middle between the edges; the two open bins as wide as their neighbours, and what the bins' middles
 * then leave of the sum of all values (which profiles know exactly) on the open bin of that side, outward. Two bins:
 * the two places that give the mean and the variance of all values. Evenly spaced values of a bin each are where they
 * are; of continuous values the spread inside a bin is not seen.
 * @returns shape [bins]; null where there is one bin
 */
export function binPositions(a: NumberProfile, b: NumberProfile): number[] | null {
  const { edges } = a;
  if (edges.length === 0) return null;
  const pooled = a.counts.map((count, i) => count + b.counts[i]);
  const both = mergeColumnProfiles(a, b);
  const { sum, origin = 0 } = both;
  if (edges.length === 1) {
    const edge = edges[0] - origin;
    const moments = { n: countOf(both), sum, squares: both.sumSquares };
    return twoPlaces(edge, pooled, moments).map((place) => origin + place);
  }
  const last = edges.length - 1;
  const positions = [
    edges[0] - (edges[1] - edges[0]) / 2,
    ...edges.slice(1).map((edge, i) => edges[i] + (edge - edges[i]) / 2),
    edges[last] + (edges[last] - edges[last - 1]) / 2,
  ];
  const left = sum - positions.reduce((total, place, i) => total + pooled[i] * (place - origin), 0);
  const end = left > 0 ? positions.length - 1 : 0;
  if (pooled[end] > 0) positions[end] += left / pooled[end];
  return positions;
}

function twoPlaces(
  edge: number,
  [low, high]: readonly number[],
  { n, sum, squares }: { n: number; sum: number; squares: number },
): number[] {
  if (low === 0 || high === 0) return [edge - 0.5, edge + 0.5];
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
  return [
    Math.min(edge, mean - deviation * Math.sqrt(high / low)),
    Math.max(edge, mean + deviation * Math.sqrt(low / high)),
  ];
}
