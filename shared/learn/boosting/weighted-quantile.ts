/**
 * A quantile of some rows' values. Without weights by linear interpolation (R type 7), as numpy's
 * `percentile`; with weights the least value that has at least `level` of the weight at or below it,
 * as scikit-learn 1.2's `_weighted_percentile`. Cost: rows x log rows.
 * @param rows at least one; values are no NaN
 */
export function quantileOf(
  rows: Uint32Array,
  given: { value: (row: number) => number; weights: Float64Array | null; level: number },
): number {
  const { value, weights, level } = given;
  const values = Float64Array.from(rows, value);
  if (weights !== null)
    return weightedQuantile(
      values,
      Float64Array.from(rows, (r) => weights[r]),
      level,
    );
  values.sort();
  const at = level * (values.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, values.length - 1);
  return values[below] + (at - below) * (values[above] - values[below]);
}

function weightedQuantile(values: Float64Array, weights: Float64Array, level: number): number {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const wanted = level * weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  for (const i of order) {
    sum += weights[i];
    if (sum >= wanted && weights[i] > 0) return values[i];
  }
  return values[order[order.length - 1]];
}
