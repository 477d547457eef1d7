import { sortedSample, walkTies } from './sorted-sample.ts';

/** Two samples as counts in the same ordered cells, which may be distinct values or bins. */
export type CellCounts = { a: ArrayLike<number>; b: ArrayLike<number> };

/** Distinct finite values of both samples, ascending, and how often each has them. Cost: two sorts. */
export function valueRuns(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
): CellCounts & { values: Float64Array } {
  const sortedA = sortedSample(left);
  const sortedB = sortedSample(right);
  const most = sortedA.length + sortedB.length;
  const values = new Float64Array(most);
  const a = new Float64Array(most);
  const b = new Float64Array(most);
  let size = 0;
  walkTies(sortedA, sortedB, ({ value, inA, inB }) => {
    values[size] = value;
    a[size] = inA;
    b[size++] = inB;
  });
  return { values: values.subarray(0, size), a: a.subarray(0, size), b: b.subarray(0, size) };
}

export function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  return sum;
}

/** Groups that hold this share of the values or more: where a law is worked out over groups, not over values. */
const GROUPS = 32;

/**
 * Values of both samples together in groups of neighbouring cells, for the law of a test of tied values; null where
 * ties are too few to matter and the law is that of continuous values. A cell that holds much stands alone.
 */
export function tiedGroups({ a, b }: CellCounts): number[] | null {
  const total = sumOf(a) + sumOf(b);
  const enough = total / GROUPS;
  let cells = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const both = a[i] + b[i];
    if (both > 0) cells++;
    if (both > largest) largest = both;
  }
  if (largest <= 1 || (cells > GROUPS && largest < enough)) return null;
  const groups: number[] = [];
  let open = 0;
  for (let i = 0; i < a.length; i++) {
    const both = a[i] + b[i];
    if (open > 0 && open + both > enough && cells > GROUPS) {
      groups.push(open);
      open = 0;
    }
    open += both;
    if (open > 0 && (open >= enough || cells <= GROUPS)) {
      groups.push(open);
      open = 0;
    }
  }
  if (open > 0) groups.push(open);
  return groups;
}
