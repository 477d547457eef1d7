import type { Matrix } from '../matrix.ts';
import type { ClipStep } from './clip.ts';
import { type Ends, endsOf, knownValues, oneHotColumns } from './column-values.ts';

/** So many ranges of the training values, beyond their ends, are told apart. */
const RANGES = 1e6;
/** Differences of such numbers are finite in float32. */
const GREATEST = 1e37;

/**
 * How far numbers are read: within a million ranges of what the training rows hold, and within 1e37.
 * What is beyond counts as the bound, so that what is computed of it (differences, products, sums)
 * stays finite in float32. No training value within 1e37 is changed. A constant column's range is its
 * magnitude, at least 1. One-hot columns have no bounds; null where there are no others.
 */
export function fitBounds(matrix: Matrix): ClipStep | null {
  const width = matrix.names.length;
  const low = new Float32Array(width).fill(Number.NEGATIVE_INFINITY);
  const high = new Float32Array(width).fill(Number.POSITIVE_INFINITY);
  const isOneHot = oneHotColumns(matrix);
  if (isOneHot.every(Boolean)) return null;
  for (let j = 0; j < width; j++) {
    if (isOneHot[j]) continue;
    const { lowest, highest } = readableEnds(knownValues(matrix, j));
    const range = rangeOf({ lowest, highest });
    low[j] = readable(lowest - RANGES * range);
    high[j] = readable(highest + RANGES * range);
  }
  return { type: 'clip', low, high };
}

const readable = (value: number): number => Math.max(-GREATEST, Math.min(GREATEST, value));

function readableEnds(known: Float32Array): Ends {
  if (known.length === 0) return { lowest: 0, highest: 0 };
  const { lowest, highest } = endsOf(known);
  return { lowest: readable(lowest), highest: readable(highest) };
}

/** Of a constant column its magnitude, at least 1. */
export const rangeOf = ({ lowest, highest }: Ends): number =>
  highest > lowest ? highest - lowest : Math.max(1, Math.abs(lowest));
