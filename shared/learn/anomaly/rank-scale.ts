/**
 * Brings scores of one estimator to the scale of another: a score becomes the one of the same rank, by
 * what both say of the same rows. Beyond the greatest it goes on at the rate of the upper half.
 * Monotone; where both estimators agree it changes nothing.
 * @param from scores of some rows by the estimator whose scores are brought over, finite, at least one
 * @param into scores of the same rows by the other, as many
 * @returns the scores, in the other's scale. Cost: (rows + scores) x log rows.
 */
export function toRankScale(
  scores: Float32Array,
  from: Float32Array,
  into: Float32Array,
): Float32Array {
  const own = from.slice().sort();
  const other = into.slice().sort();
  const last = own.length - 1;
  const middle = last >> 1;
  const width = own[last] - own[middle];
  const rate = width > 0 ? (other[last] - other[middle]) / width : 1;
  return scores.map((score) => {
    if (score > own[last]) return other[last] + (score - own[last]) * rate;
    if (score < own[0]) return other[0];
    const above = countWhere(own, (value) => value < score);
    const upTo = countWhere(own, (value) => value <= score);
    // Of many like scores the middle one.
    if (upTo > above) return other[(above + upTo - 1) >> 1];
    const within = (score - own[above - 1]) / (own[above] - own[above - 1]);
    return other[above - 1] + within * (other[above] - other[above - 1]);
  });
}

/** @param isIn true of the first values of the sorted, and of no later one */
function countWhere(sorted: Float32Array, isIn: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isIn(sorted[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
