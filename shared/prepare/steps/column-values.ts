import type { Matrix } from '../matrix.ts';

export const GREATEST_FLOAT32 = 3.4028234663852886e38;

/** Known values of a column, in row order; missing ones are left out. */
export function knownValues({ rows, names, data }: Matrix, column: number): Float32Array {
  const width = names.length;
  const known = new Float32Array(rows);
  let n = 0;
  for (let at = column; at < rows * width; at += width)
    if (!Number.isNaN(data[at])) known[n++] = data[at];
  return known.subarray(0, n);
}

/** By column: whether it is part of a one-hot block. */
export function oneHotColumns({ names, categories }: Matrix): boolean[] {
  const isOneHot = names.map(() => false);
  for (const { start, levels } of categories) isOneHot.fill(true, start, start + levels);
  return isOneHot;
}

/**
 * The quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7;
 * numpy's default). @param sorted ascending, at least one value
 */
export function quantileOf(sorted: Float32Array, level: number): number {
  const at = level * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

export type Ends = { lowest: number; highest: number };

/** @param known at least one value */
export function endsOf(known: Float32Array): Ends {
  let lowest = known[0];
  let highest = known[0];
  for (let i = 1; i < known.length; i++) {
    if (known[i] < lowest) lowest = known[i];
    if (known[i] > highest) highest = known[i];
  }
  return { lowest, highest };
}
