import type { Column, Table } from '../../table/table.ts';

type Mix = {
  table: Table;
  row: number;
  background: Table;
  /** Row-major [count, columns of the table]: 1 where the row's own value stays. */
  coalitions: Uint8Array;
  count: number;
};

/** For each coalition, the background's rows with the row's own values where the coalition says so. */
export function mixedTable({ table, row, background, coalitions, count }: Mix): Table {
  const rows = count * background.rows;
  const width = table.columns.length;
  const columns = table.columns.map((column, c): Column => {
    const other = background.columns[c];
    const isOwn = (at: number) => coalitions[Math.floor(at / background.rows) * width + c] === 1;
    if (column.type === 'number' && other.type === 'number') {
      const values = new Float32Array(rows);
      for (let at = 0; at < rows; at++)
        values[at] = isOwn(at) ? column.values[row] : other.values[at % background.rows];
      return { ...column, values };
    }
    if (column.type === 'category' && other.type === 'category') {
      const codes = new Int32Array(rows);
      // Declared categories have the same codes in both; those of the background are all declared.
      for (let at = 0; at < rows; at++)
        codes[at] = isOwn(at) ? column.codes[row] : other.codes[at % background.rows];
      return { ...column, codes };
    }
    throw new Error(`Broken invariant: ${column.name} is of another type in the background`);
  });
  return { rows, columns, target: new Float64Array(rows), order: null };
}
