/** What a model answers to rows, in their order. */
export type Predictions = {
  /** Labels of the classes; empty unless a classification. */
  classes: readonly string[];
  /** By row; null unless a classification. */
  labels: readonly string[] | null;
  /** Row-major float32: one value a row, or a probability per class. */
  values: Float32Array;
  /** Half the width of a regression's interval; null where none is known. */
  radius: number | null;
};

/** The header of a file of predictions. */
export const predictionsHeader = ({
  classes,
  radius,
}: Pick<Predictions, 'classes' | 'radius'>): string =>
  classes.length === 0
    ? `prediction${radius === null ? '' : ',lower,upper'}\n`
    : `label,${classes.map((label) => quoted(`probability_${label}`)).join(',')}\n`;

/**
 * A line per row: the prediction, or the likeliest label and the probability of each class. Cells of
 * what is no finite number are empty.
 */
export function predictionsCsv({ classes, labels, values, radius }: Predictions): string {
  let lines = '';
  if (labels === null) for (const value of values) lines += `${withBounds(value, radius)}\n`;
  else
    labels.forEach((label, row) => {
      const shares = values.subarray(row * classes.length, (row + 1) * classes.length);
      const known = shares.every(Number.isFinite) ? quoted(label) : '';
      lines += `${known},${Array.from(shares, shortest).join(',')}\n`;
    });
  return lines;
}

const withBounds = (value: number, radius: number | null): string =>
  radius === null
    ? shortest(value)
    : [value, value - radius, value + radius].map(shortest).join(',');

/** Nine digits tell every float32 apart. */
const shortest = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '';

/** RFC 4180 */
const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
