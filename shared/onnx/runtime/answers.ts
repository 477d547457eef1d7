/**
 * What a use case is told of a model's output, one number a row: predictions [rows, 1] as they are, of
 * probabilities [rows, 2] the second column, which is the positive class, kept in [0, 1] (a float32 sum
 * may miss an end by its rounding). NaN stays NaN.
 * @throws Error of any other shape: it is no model of a use case
 */
export function answersOf(output: Float32Array, rows: number): Float32Array {
  if (output.length === rows) return output;
  if (output.length !== 2 * rows)
    throw new Error(`Expected 1 or 2 numbers a row, found ${output.length} for ${rows} rows`);
  const answers = new Float32Array(rows);
  for (let row = 0; row < rows; row++) answers[row] = Math.min(1, Math.max(0, output[2 * row + 1]));
  return answers;
}
