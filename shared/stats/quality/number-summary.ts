import { momentsOf, quantileOfSorted, varianceOf } from '../moments.ts';
import { sortedSample } from '../tests/sorted-sample.ts';
import { lowerBound, upperBound } from './sorted-search.ts';
import { type ValueHistogram, valueHistogram } from './value-histogram.ts';

/** Distance beyond the quartiles, in interquartile ranges (Tukey 1977). */
const FENCE = 1.5;
/** Modified z-score from which on a value lies outside (Iglewicz and Hoaglin 1993). */
const MOST_MODIFIED_Z = 3.5;
const MAD_TO_SIGMA = 1.482602218505602;
const KEPT_EXAMPLES = 3;

export type NumberSummary = {
  min: number;
  q1: number;
  median: number;
  q3: number;
  max: number;
  mean: number;
  /** Null for fewer than two values. */
  standardDeviation: number | null;
  different: number;
  zeros: number;
  negatives: number;
  histogram: ValueHistogram;
  outliers: {
    /** Values beyond 1.5 interquartile ranges from the quartiles; null where these are equal. */
    iqr: number | null;
    /** Values of modified z-score above 3.5; null where half of the values are equal. */
    mad: number | null;
    /** The values farthest from the median, if they are outliers by either; rows count from 1. */
    examples: { row: number; value: number }[];
  };
};

/**
 * Quartiles (R type 7), moments and outliers of a column; null without values. NaN is missing.
 * Cost: two sorts. @param rowOf the row of the file that a value is from
 */
export function summariseNumbers(
  values: Float64Array,
  rowOf: (index: number) => number = (index) => index + 1,
): NumberSummary | null {
  const sorted = sortedSample(values);
  const n = sorted.length;
  if (n === 0) return null;
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((q) => quantileOfSorted(sorted, q));
  const moments = momentsOf(sorted);
  const variance = varianceOf(moments);
  const spread = medianDistance(sorted, median);
  const low = q1 - FENCE * (q3 - q1);
  const high = q3 + FENCE * (q3 - q1);
  const reach = MOST_MODIFIED_Z * MAD_TO_SIGMA * spread;
  const iqr = q3 === q1 ? null : countOutside(sorted, low, high);
  const mad = spread === 0 ? null : countOutside(sorted, median - reach, median + reach);
  const isOutside = (value: number): boolean =>
    (iqr !== null && (value < low || value > high)) ||
    (mad !== null && Math.abs(value - median) > reach);
  return {
    ...{ min: sorted[0], q1, median, q3, max: sorted[n - 1], mean: moments.mean },
    standardDeviation: variance === null ? null : Math.sqrt(variance),
    different: countDifferent(sorted),
    zeros: upperBound(sorted, 0) - lowerBound(sorted, 0),
    negatives: lowerBound(sorted, 0),
    histogram: valueHistogram(sorted),
    outliers: { iqr, mad, examples: farthest(values, { median, isOutside, rowOf }) },
  };
}

/** The median of the distances from the median, by walking outwards from it: no second sort. */
function medianDistance(sorted: Float64Array, median: number): number {
  const n = sorted.length;
  let above = lowerBound(sorted, median);
  let below = above - 1;
  let distance = 0;
  let before = 0;
  for (let taken = 0; taken <= n >> 1; taken++) {
    before = distance;
    const up = above < n ? sorted[above] - median : Number.POSITIVE_INFINITY;
    const down = below >= 0 ? median - sorted[below] : Number.POSITIVE_INFINITY;
    if (up <= down) above++;
    else below--;
    distance = Math.min(up, down);
  }
  return n % 2 === 0 ? (before + distance) / 2 : distance;
}

function countDifferent(sorted: Float64Array): number {
  let different = 1;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) different++;
  return different;
}

function countOutside(sorted: Float64Array, low: number, high: number): number {
  return lowerBound(sorted, low) + sorted.length - upperBound(sorted, high);
}

function farthest(
  values: Float64Array,
  {
    median,
    isOutside,
    rowOf,
  }: {
    median: number;
    isOutside(value: number): boolean;
    rowOf(index: number): number;
  },
): { row: number; value: number }[] {
  const found: { row: number; value: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!isOutside(value)) continue;
    const least =
      found.length < KEPT_EXAMPLES ? -1 : Math.abs(found[KEPT_EXAMPLES - 1].value - median);
    if (Math.abs(value - median) <= least) continue;
    found.push({ row: rowOf(i), value });
    found.sort((a, b) => Math.abs(b.value - median) - Math.abs(a.value - median) || a.row - b.row);
    if (found.length > KEPT_EXAMPLES) found.pop();
  }
  return found;
}
