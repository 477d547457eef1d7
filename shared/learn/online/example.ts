/** One row to learn from. Its values are data[at] .. data[at + columns - 1], so that nothing is copied. */
export type Example = {
  data: Float32Array;
  at: number;
  /** Target units; for classifiers as the learner says. */
  target: number;
  /** Above 0. */
  weight: number;
};

/** What a learner of one score knows: enough to go on, and to score. All arrays are [columns]. */
export type OnlineScore = { weights: Float64Array; intercept: number };

/** intercept + weights . row. */
export function onlineScore({ weights, intercept }: OnlineScore, { data, at }: Example): number {
  let score = intercept;
  for (let j = 0; j < weights.length; j++) score += weights[j] * data[at + j];
  return score;
}

/** Of a row with a 1 behind. */
export function squaredNorm(columns: number, { data, at }: Example): number {
  let sum = 1;
  for (let j = 0; j < columns; j++) sum += data[at + j] * data[at + j];
  return sum;
}
