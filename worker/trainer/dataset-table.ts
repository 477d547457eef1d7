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
  declaration: Pick<Declaration, 'inputs' | 'target' | 'task'>,
): Promise<SplitDataset> {
  const rows = await readParquet(file);
  const builder = createTableBuilder(declaration.inputs, { isOrdered: true });
  rows.forEach((row, index) => {
    builder.begin();
    declaration.inputs.forEach((input, column) => {
      const value = row[input.name];
      if (input.type === 'number')
        builder.setNumber(column, typeof value === 'number' ? value : Number.NaN);
      else builder.setCategory(column, typeof value === 'string' ? value : '');
    });
    builder.commit(outcomeOf(row, declaration, index), row['predicted_at_ms'] as number);
  });
  return splitNewest(builder.build());
}

/** Devices and imports tell a class by its place, 0 or 1. */
function outcomeOf(
  row: Record<string, unknown>,
  { target, task }: Pick<Declaration, 'target' | 'task'>,
  index: number,
): number {
  const value = row[target.name] as number;
  if (task.type === 'binary' && value !== 0 && value !== 1)
    throw new Error(
      `The dataset's row ${index + 1}, column ${target.name}: expected 0 or 1, found ${value}`,
    );
  return value;
}

function splitNewest(table: Table): SplitDataset {
  const cut = table.rows - Math.floor(table.rows * HELD_OUT_SHARE);
  const indices = Uint32Array.from({ length: table.rows }, (_, row) => row);
  return {
    training: takeRows(table, indices.subarray(0, cut)),
    heldOut: takeRows(table, indices.subarray(cut)),
  };
}
