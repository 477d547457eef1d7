import { quantileOfSorted } from '../moments.ts';

/** Shares of values in even bins; the outer ones hold what lies beyond them where `isOpenEnded`. */
export type ValueHistogram = { edges: number[]; shares: number[]; isOpenEnded: boolean };

const BINS = 24;
/** Up to so many whole numbers, one bin is one number. */
const MOST_WHOLE = 40;
/** Where the middle 99 % takes less of the range than this, bins span the middle alone. */
const LEAST_MIDDLE = 0.35;

/** How a column's values lie. @param sorted ascending, not empty */
export function valueHistogram(sorted: Float64Array): ValueHistogram {
  const { edges, isOpenEnded } = histogramEdges(sorted);
  const shares = new Array<number>(edges.length - 1).fill(0);
  const low = edges[0];
  const width = (edges[edges.length - 1] - low) / shares.length;
  for (const value of sorted)
    shares[Math.max(0, Math.min(shares.length - 1, Math.floor((value - low) / width)))]++;
  const rounded = shares.map((count) => Math.round((count / sorted.length) * 1e6) / 1e6);
  return { edges, shares: rounded, isOpenEnded };
}

/** Bins for values to be looked at. @param sorted ascending, not empty */
export function histogramEdges(
  sorted: Float64Array,
): Pick<ValueHistogram, 'edges' | 'isOpenEnded'> {
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const even = (from: number, to: number, bins: number): number[] =>
    Array.from({ length: bins + 1 }, (_, i) => from * (1 - i / bins) + to * (i / bins));
  if (low === high) return { edges: [low - 0.5, low + 0.5], isOpenEnded: false };
  if (high - low < MOST_WHOLE && sorted.every(Number.isInteger))
    return { edges: even(low - 0.5, high + 0.5, high - low + 1), isOpenEnded: false };
  const from = quantileOfSorted(sorted, 0.005);
  const to = quantileOfSorted(sorted, 0.995);
  return to > from && to - from < LEAST_MIDDLE * (high - low)
    ? { edges: even(from, to, BINS), isOpenEnded: true }
    : { edges: even(low, high, BINS), isOpenEnded: false };
}
