import type { Declaration } from '../../shared/contracts/declaration.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { readParquet } from './snapshot/parquet.ts';

/** Share of the newest rows that no training step sees. */
const HELD_OUT_SHARE = 0.2;

export type SplitDataset = { training: Table; heldOut: Table };

/** A snapshot as typed columns, oldest first: the newest fifth is held out. */
export async function readDataset(
  file: ArrayBuffer,
  declaration: Pick<Declaration, 'inputs' | 'target'>,
): Promise<SplitDataset> {
  const rows = await readParquet(file);
  const builder = createTableBuilder(declaration.inputs, { isOrdered: true });
  for (const row of rows) {
    builder.begin();
    declaration.inputs.forEach((input, column) => {
      const value = row[input.name];
      if (input.type === 'number')
        builder.setNumber(column, typeof value === 'number' ? value : Number.NaN);
      else builder.setCategory(column, typeof value === 'string' ? value : '');
    });
    builder.commit(row[declaration.target.name] as number, row['predicted_at_ms'] as number);
  }
  return splitNewest(builder.build());
}

function splitNewest(table: Table): SplitDataset {
  const cut = table.rows - Math.floor(table.rows * HELD_OUT_SHARE);
  const indices = Uint32Array.from({ length: table.rows }, (_, row) => row);
  return {
    training: takeRows(table, indices.subarray(0, cut)),
    heldOut: takeRows(table, indices.subarray(cut)),
  };
}
