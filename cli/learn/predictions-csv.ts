/** What a model answers to rows, in their order. */
export type Predictions = {
  /** Labels of the classes; empty unless a classification. */
  classes: readonly string[];
  /** By row; null unless a classification. */
  labels: readonly string[] | null;
  /** Row-major float32: one value a row, or a probability per class. */
  values: Float32Array;
};

/** The header of a file of predictions. */
export const predictionsHeader = (classes: readonly string[]): string =>
  classes.length === 0
    ? 'prediction\n'
    : `label,${classes.map((label) => quoted(`probability_${label}`)).join(',')}\n`;

/** A line per row: the prediction, or the likeliest label and the probability of each class. */
export function predictionsCsv({ classes, labels, values }: Predictions): string {
  let lines = '';
  if (labels === null) for (const value of values) lines += `${shortest(value)}\n`;
  else
    labels.forEach((label, row) => {
      const shares = values.subarray(row * classes.length, (row + 1) * classes.length);
      lines += `${quoted(label)},${Array.from(shares, shortest).join(',')}\n`;
    });
  return lines;
}

/** Nine digits tell every float32 apart. */
const shortest = (value: number): string => String(Number(value.toPrecision(9)));

/** RFC 4180 */
const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
