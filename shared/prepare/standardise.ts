import type { Table } from '../table/table.ts';
import type { Standardisation } from './encoding.ts';
import { GREATEST_FLOAT32 } from './steps/column-values.ts';

/**
 * Median, mean and 1 / standard deviation of each number column over the rows in `order`, rounded
 * to float32 because that is what the graph carries. Mean and deviation (divisor n) are those of the
 * column with its missing values imputed. An even count takes the mean of the two middle values; a
 * column without values is imputed by 0; a constant one is not scaled.
 */
export function fitStandardisation(table: Table, order: Uint32Array): Standardisation {
  const standard: Standardisation = { median: [], mean: [], scale: [] };
  for (const column of table.columns) {
    if (column.type !== 'number') continue;
    const known = new Float32Array(order.length);
    let count = 0;
    for (const row of order)
      if (!Number.isNaN(column.values[row])) known[count++] = column.values[row];
    const median = medianOf(known.subarray(0, count));
    const { mean, deviation } = spread(known.subarray(0, count), median, order.length);
    standard.median.push(Math.fround(median));
    standard.mean.push(Math.fround(mean));
    standard.scale.push(deviation > 0 ? Math.min(GREATEST_FLOAT32, Math.fround(1 / deviation)) : 1);
  }
  return standard;
}

/** Sorts `values` in place. The median of no values is 0. */
export function medianOf(values: Float32Array): number {
  if (values.length === 0) return 0;
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

function spread(
  known: Float32Array,
  median: number,
  rows: number,
): { mean: number; deviation: number } {
  const imputed = rows - known.length;
  let sum = imputed * median;
  for (const value of known) sum += value;
  const mean = rows === 0 ? 0 : sum / rows;
  let squares = imputed * (median - mean) ** 2;
  for (const value of known) squares += (value - mean) ** 2;
  return { mean, deviation: rows === 0 ? 0 : Math.sqrt(squares / rows) };
}
