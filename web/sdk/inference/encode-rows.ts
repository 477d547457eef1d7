import type { Input } from '../../../shared/contracts/declaration.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';

/** Name and type of a graph input, in the order in which values travel. */
export type GraphInput = Pick<Input, 'name' | 'type'>;

/**
 * Rows as one flat list for the worker: id, number of rows, then the values column by column, with
 * NaN for a missing number and '' for a missing category. A plain list of primitives is the
 * cheapest message there is.
 */
export function encodeRows(
  id: number,
  rows: readonly Row[],
  inputs: readonly GraphInput[],
): (number | string)[] {
  const message: (number | string)[] = [id, rows.length];
  for (const { name, type } of inputs) {
    const missing = type === 'number' ? Number.NaN : '';
    for (const row of rows) message.push(row[name] ?? missing);
  }
  return message;
}
