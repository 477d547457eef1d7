import type { Table } from '../../../shared/table/table.ts';
import { californiaTable } from '../../parity/california-table.ts';
import { splitReference } from '../../parity/reference-data.ts';

/** California Housing, eight derived columns, in the fixed 80/20 split of conformance/. */
export const california = (): { training: Table; test: Table } =>
  splitReference('california-housing', californiaTable());

/** Number columns of a table as rows, for a peer. */
export function numberRows(table: Table): number[][] {
  const values = table.columns.map((column) => {
    if (column.type === 'number') return column.values;
    throw new Error(`${column.name} is no number column`);
  });
  return Array.from({ length: table.rows }, (_, row) => values.map((column) => column[row]));
}
