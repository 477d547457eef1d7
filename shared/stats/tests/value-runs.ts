import { sortedSample, walkTies } from './sorted-sample.ts';

/** Two samples as counts in the same ordered cells, which may be distinct values or bins. */
export type CellCounts = { a: ArrayLike<number>; b: ArrayLike<number> };

/** Two samples as counts of the same values, ascending. */
export type PlacedCounts = CellCounts & { values: ArrayLike<number> };

/** Distinct finite values of both samples, and how often each has them. Cost: two sorts. */
export function valueRuns(left: ArrayLike<number>, right: ArrayLike<number>): PlacedCounts {
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
