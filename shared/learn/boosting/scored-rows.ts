/** Some rows with what is known and what is said of them so far; all but `rows` is by table row. */
export type ScoredRows = {
  rows: Uint32Array;
  target: Float64Array;
  /** Null: all 1. */
  weights: Float64Array | null;
  /** Per output. The raw score of a row is base + score. */
  base: Float32Array;
  scores: Float32Array[];
};

export function weightedMean(
  given: ScoredRows,
  value: (given: ScoredRows, row: number) => number,
): number {
  const { rows, weights } = given;
  let sum = 0;
  let total = 0;
  for (const row of rows) {
    const weight = weights === null ? 1 : weights[row];
    sum += weight * value(given, row);
    total += weight;
  }
  return sum / total;
}
