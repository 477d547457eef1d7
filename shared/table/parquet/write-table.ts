import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Column, MISSING_CODE, type Table } from '../table.ts';

/** What the target of a table is called; with classes it is written as their labels. */
export type TargetColumn = { name: string; classes: readonly string[] | null };

/**
 * A table as a Parquet file (snappy): numbers FLOAT, categories STRING, the target DOUBLE or STRING.
 * What is missing is null. `target` null: the table's target is left out.
 */
export function writeTable(table: Table, target: TargetColumn | null): ArrayBuffer {
  const columnData = table.columns.map(columnSource);
  if (target !== null) columnData.push(targetSource(table.target, target));
  return parquetWriteBuffer({ columnData });
}

type Source = {
  name: string;
  type: 'FLOAT' | 'DOUBLE' | 'STRING';
  data: (number | string | null)[];
  nullable: true;
};

function columnSource(column: Column): Source {
  const { name } = column;
  if (column.type === 'number') {
    const data = Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
    return { name, type: 'FLOAT', data, nullable: true };
  }
  const { dictionary } = column;
  const data = Array.from(column.codes, (code) =>
    code === MISSING_CODE ? null : dictionary[code],
  );
  return { name, type: 'STRING', data, nullable: true };
}

function targetSource(values: Float64Array, { name, classes }: TargetColumn): Source {
  const data = Array.from(values, (value) => {
    if (Number.isNaN(value)) return null;
    return classes === null ? value : classes[value];
  });
  return { name, type: classes === null ? 'DOUBLE' : 'STRING', data, nullable: true };
}
