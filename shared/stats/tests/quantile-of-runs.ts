import { type PlacedCounts, sumOf } from './value-runs.ts';

/**
 * The q-th quantile of two counted samples together, R type 7, as `quantileOfSorted` has it of the values themselves.
 * @param q in [0, 1]
 * @returns NaN where nothing is counted
 */
export function quantileOfRuns({ values, a, b }: PlacedCounts, q: number): number {
  const position = q * (sumOf(a) + sumOf(b) - 1);
  const rank = Math.floor(position);
  let below = 0;
  let low: number | null = null;
  for (let i = 0; i < values.length; i++) {
    below += a[i] + b[i];
    if (low === null && below > rank) low = values[i];
    if (low !== null && below > rank + 1) return low + (position - rank) * (values[i] - low);
  }
  return low ?? Number.NaN;
}
