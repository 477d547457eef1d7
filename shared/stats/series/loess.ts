/** A series at 0, 1, 2, ... with a weight a point; points of weight 0 are not looked at. */
export type WeightedSeries = { values: Float64Array; weights: Float64Array };

export type LoessOptions = {
  /** Points that a fit looks at: the nearest ones. More than there are widen the weights instead. */
  window: number;
  /** 0: local means, 1: local lines. */
  degree: 0 | 1;
};

/**
 * Local regression of a series at one place, which may lie just outside it.
 *
 * Definition: tricube weights of the distance over that of the furthest point of the window, times the points' own.
 * @returns null when no point of the window has a weight
 * Cost: O(window). Source: Cleveland, Cleveland, McRae and Terpenning, STL (1990), the routine `est`.
 * Reference implementation: statsmodels 0.13.5, tsa STL.
 */
export function loessAt(
  { values, weights }: WeightedSeries,
  at: number,
  { window, degree }: LoessOptions,
): number | null {
  const n = values.length;
  const size = Math.min(window, n);
  const left = Math.min(Math.max(0, Math.round(at) - ((size - 1) >> 1)), n - size);
  const right = left + size - 1;
  const beyond = window > n ? (window - n) / 2 : 0;
  const reach = Math.max(at - left, right - at) + Math.floor(beyond);
  let sum = 0;
  let x = 0;
  let y = 0;
  let xx = 0;
  let xy = 0;
  for (let i = left; i <= right; i++) {
    const gap = i - at;
    const weight = tricube(gap < 0 ? -gap : gap, reach) * weights[i];
    const weighted = weight * gap;
    sum += weight;
    x += weighted;
    y += weight * values[i];
    xx += weighted * gap;
    xy += weighted * values[i];
  }
  return sum > 0 ? fitted({ weight: sum, x, y, xx, xy }, { degree, range: n - 1 }) : null;
}

/** Flat within a thousandth of the reach, nothing beyond 999 of them. */
function tricube(distance: number, reach: number): number {
  if (distance > 0.999 * reach) return distance === 0 ? 1 : 0;
  if (distance <= 0.001 * reach) return 1;
  const share = distance / reach;
  const left = 1 - share * share * share;
  return left * left * left;
}

type Sums = { weight: number; x: number; y: number; xx: number; xy: number };

/** The local line at 0, or the mean where the points are in one place. */
function fitted(sums: Sums, { degree, range }: { degree: 0 | 1; range: number }): number {
  const { weight, x, y, xx, xy } = sums;
  const [meanX, meanY] = [x / weight, y / weight];
  const spread = xx / weight - meanX * meanX;
  const isSpread = degree === 1 && Math.sqrt(Math.max(0, spread)) > 0.001 * range;
  if (!isSpread) return meanY;
  return meanY - ((xy / weight - meanX * meanY) / spread) * meanX;
}
