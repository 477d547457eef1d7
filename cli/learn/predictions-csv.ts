import {
  type AnomalyCalibration,
  anomalyPValue,
} from '../../shared/learn/anomaly/anomaly-threshold.ts';

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
  /** What scores of anomalies mean; absent of everything else. */
  anomaly?: AnomalyCalibration | null;
};

/** The header of a file of predictions. */
export const predictionsHeader = ({
  classes,
  radius,
  anomaly,
}: Pick<Predictions, 'classes' | 'radius' | 'anomaly'>): string =>
  classes.length === 0
    ? `prediction${radius === null ? '' : ',lower,upper'}${anomaly ? ',p_value,is_anomaly' : ''}\n`
    : `label,${classes.map((label) => quoted(`probability_${label}`)).join(',')}\n`;

/**
 * A line per row: the prediction, or the likeliest label and the probability of each class. A score of
 * anomalies comes with its p value and 1 where it is above the threshold. Cells of what is no finite
 * number are empty.
 */
export function predictionsCsv({ classes, labels, values, radius, anomaly }: Predictions): string {
  let lines = '';
  if (anomaly) for (const value of values) lines += `${judged(value, anomaly)}\n`;
  else if (labels === null) for (const value of values) lines += `${withBounds(value, radius)}\n`;
  else
    labels.forEach((label, row) => {
      const shares = values.subarray(row * classes.length, (row + 1) * classes.length);
      const known = shares.every(Number.isFinite) ? quoted(label) : '';
      lines += `${known},${Array.from(shares, shortest).join(',')}\n`;
    });
  return lines;
}

const judged = (score: number, anomaly: AnomalyCalibration): string =>
  Number.isFinite(score)
    ? `${shortest(score)},${shortest(anomalyPValue(anomaly, score))},${score > anomaly.threshold ? 1 : 0}`
    : ',,';

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
