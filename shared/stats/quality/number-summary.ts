import { momentsOf, quantileOfSorted, varianceOf } from '../moments.ts';
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
  const sorted = values.filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n === 0) return null;
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((q) => quantileOfSorted(sorted, q));
  const moments = momentsOf(sorted);
  const variance = varianceOf(moments);
  const spread = quantileOfSorted(sorted.map((value) => Math.abs(value - median)).sort(), 0.5);
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
    zeros: upperBound(sorted, 0) - lowerBound(sorted, 0),
    negatives: lowerBound(sorted, 0),
    histogram: valueHistogram(sorted),
    outliers: { iqr, mad, examples: farthest(values, { median, isOutside, rowOf }) },
  };
}

function countOutside(sorted: Float64Array, low: number, high: number): number {
  return lowerBound(sorted, low) + sorted.length - upperBound(sorted, high);
}

/** How many are below. */
function lowerBound(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many are not above. */
function upperBound(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] <= value) from = middle + 1;
    else to = middle;
  }
  return from;
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
    found.push({ row: rowOf(i), value });
    found.sort((a, b) => Math.abs(b.value - median) - Math.abs(a.value - median) || a.row - b.row);
    if (found.length > KEPT_EXAMPLES) found.pop();
  }
  return found;
}
