import { radixSort } from './radix-sort.ts';

const RADIX_FROM = 100_000;

/** The finite values of a sample, ascending; NaN and infinities are left out. Cost: one sort. */
export function sortedSample(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values);
  let n = 0;
  for (let i = 0; i < sorted.length; i++) if (Number.isFinite(sorted[i])) sorted[n++] = sorted[i];
  const finite = sorted.subarray(0, n);
  return n < RADIX_FROM ? finite.sort() : radixSort(finite);
}

/** One run of equal values in two pooled samples: how many of each are at the value, and how many below it. */
export type Tie = { value: number; inA: number; inB: number; belowA: number; belowB: number };

/** Walks the distinct values of two ascending samples together, in order. Cost: O(n + m). */
export function walkTies(a: Float64Array, b: Float64Array, visit: (tie: Tie) => void): void {
  const tie: Tie = { value: 0, inA: 0, inB: 0, belowA: 0, belowB: 0 };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const value = j >= b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j];
    tie.value = value;
    tie.belowA = i;
    tie.belowB = j;
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    tie.inA = i - tie.belowA;
    tie.inB = j - tie.belowB;
    visit(tie);
  }
}
