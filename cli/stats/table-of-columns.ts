import type { Column, ColumnSpec, Table } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { areNumbers, type TextColumns } from './read-columns.ts';

/** Two files as tables with the same inputs: a column is of numbers when every cell of both is. */
export type TablePair = { inputs: readonly ColumnSpec[]; reference: Table; current: Table };

/**
 * The columns that both files have, but those of `except`, as inputs of a learner; infinite numbers are missing.
 * @param options.target of the reference, by row
 */
export function tablesOf(
  files: { reference: TextColumns; current: TextColumns },
  options: { except: readonly string[]; target?: readonly number[] },
): TablePair {
  const { reference, current } = files;
  const names = [...reference.columns.keys()].filter(
    (name) => current.columns.has(name) && !options.except.includes(name),
  );
  const inputs = names.map((name): ColumnSpec => {
    return areNumbers([cellsOf(reference, name), cellsOf(current, name)])
      ? { name, type: 'number', missing: 'impute' }
      : { name, type: 'category', missing: 'impute', categories: [] };
  });
  return {
    inputs,
    reference: build(reference, inputs, options.target),
    current: build(current, inputs),
  };
}

const cellsOf = (file: TextColumns, name: string): (string | null)[] =>
  file.columns.get(name) ?? [];

function build(
  file: TextColumns,
  inputs: readonly ColumnSpec[],
  target?: readonly number[],
): Table {
  const builder = createTableBuilder(inputs);
  const columns = inputs.map(({ name }) => cellsOf(file, name));
  for (let row = 0; row < file.rows; row++) {
    builder.begin();
    columns.forEach((cells, i) => {
      const cell = cells[row];
      if (cell === null) return;
      if (inputs[i].type === 'category') builder.setCategory(i, cell);
      else if (Number.isFinite(Number(cell))) builder.setNumber(i, Number(cell));
    });
    builder.commit(target?.[row] ?? 0, 0);
  }
  const table = builder.build();
  return { ...table, columns: table.columns.map(declared) };
}

/** Every level of a file is declared: none is known before. */
const declared = (column: Column): Column =>
  column.type === 'category' ? { ...column, declared: column.dictionary.length } : column;
