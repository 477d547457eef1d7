/** A non-decreasing, piecewise linear map through (x[i], y[i]); constant beyond its ends. */
export type IsotonicMap = { x: number[]; y: number[] };

/**
 * Least-squares non-decreasing fit of y on x by pool-adjacent-violators; equal x are averaged first.
 * @param x, y equal lengths, finite; empty gives an empty map
 * @param weights by point; absent: all 1. A point of weight 0 is left out
 * Cost: one sort. Source: Barlow et al. (1972); reference implementation: sklearn.isotonic.IsotonicRegression 1.2.1.
 */
export function fitIsotonic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): IsotonicMap {
  const order = Array.from({ length: x.length }, (_, i) => i).sort((i, j) => x[i] - x[j]);
  const points: { x: number; sum: number; weight: number }[] = [];
  for (const i of order) {
    const weight = weights?.[i] ?? 1;
    if (weight === 0) continue;
    const last = points[points.length - 1];
    if (last && last.x === x[i]) {
      last.sum += weight * y[i];
      last.weight += weight;
    } else points.push({ x: x[i], sum: weight * y[i], weight });
  }
  const blocks: { sum: number; weight: number; size: number }[] = [];
  for (const { sum, weight } of points) {
    let block = { sum, weight, size: 1 };
    for (let last = blocks.at(-1); last; last = blocks.at(-1)) {
      if (last.sum * block.weight < block.sum * last.weight) break;
      blocks.pop();
      block = {
        sum: last.sum + block.sum,
        weight: last.weight + block.weight,
        size: last.size + block.size,
      };
    }
    blocks.push(block);
  }
  const fitted = blocks.flatMap(({ sum, weight, size }) =>
    new Array<number>(size).fill(sum / weight),
  );
  return { x: points.map((point) => point.x), y: fitted };
}

/** The map at one point, interpolated linearly. NaN only for an empty map. */
export function applyIsotonic({ x, y }: IsotonicMap, at: number): number {
  const last = x.length - 1;
  if (at <= x[0]) return y[0];
  if (at >= x[last]) return y[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return y[low] + ((at - x[low]) / (x[high] - x[low])) * (y[high] - y[low]);
}
