/** Count, mean and squared deviations from the mean of a sample. */
export type SampleMoments = { n: number; mean: number; squares: number };

/**
 * Mean and sum of squared deviations in two passes, right for samples far from zero. NaN and infinities are
 * left out; mean 0 and squares 0 for an empty sample, told by n.
 */
export function momentsOf(values: ArrayLike<number>): SampleMoments {
  let n = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    n++;
    sum += values[i];
  }
  if (n === 0) return { n, mean: 0, squares: 0 };
  const mean = sum / n;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const deviation = values[i] - mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  return { n, mean: mean + rest / n, squares: squares - (rest * rest) / n };
}

/** Unbiased variance; null for fewer than two values. */
export const varianceOf = ({ n, squares }: SampleMoments): number | null =>
  n < 2 ? null : squares / (n - 1);

/** The q-th quantile of an ascending, non-empty sample, interpolated linearly (R type 7, numpy's default). */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}
