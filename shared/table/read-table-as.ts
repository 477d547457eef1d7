import { fail, ok, type Result } from '../core/result.ts';
import { createCsvRows } from './csv-rows.ts';
import type { TableSchema } from './infer-schema.ts';
import type { TableError } from './read-table.ts';
import { createRowReader, type RowReader, sourceOf, type TargetUse } from './schema-row-reader.ts';
import type { Table } from './table.ts';
import { createTableBuilder, type TableBuilder } from './table-builder.ts';
import { createTableIssues } from './table-issues.ts';

export type ReadTableAs = {
  table: Table;
  /** Rows left out because their target, or an input that rejects it, was missing. */
  skippedRows: number;
  /** Which rows those are, counted from 1, ascending. */
  skipped: readonly number[];
  /** Columns of the file that the schema does not name. */
  ignored: readonly string[];
  /** Cells whose category the schema does not hold, by input; they are no level of it. `row` is the first one's. */
  unseen: { column: string; cells: number; example: string; row: number }[];
};

export type SchemaReader = {
  push(text: string): void;
  end(): Result<ReadTableAs, TableError>;
};

const FIRST_CAPACITY = 1024;

/** Reads a whole CSV text. @see createSchemaReader */
export function readTableAs(
  text: string | Iterable<string>,
  schema: TableSchema,
  use: TargetUse = 'required',
): Result<ReadTableAs, TableError> {
  const reader = createSchemaReader(schema, use);
  if (typeof text === 'string') reader.push(text);
  else for (const piece of text) reader.push(piece);
  return reader.end();
}

/**
 * Reads CSV, piece by piece, as a model knows its columns: columns the schema does not name are
 * ignored, one it names and the file lacks is an issue. A category nobody knew keeps its text
 * behind the known ones (no encoding has a level for it) and is counted in `unseen`. Classes are
 * their codes. A cell that is no finite number where one is needed is an issue with its row.
 */
export function createSchemaReader(
  schema: TableSchema,
  use: TargetUse = 'required',
  expectedRows?: number,
): SchemaReader {
  let table: Table | null = null;
  const onBlock = (block: Table) => {
    table = block;
  };
  const blockRows = Number.POSITIVE_INFINITY;
  const reader = createBlockReader(schema, { use, blockRows, onBlock, expectedRows });
  return {
    push: reader.push,
    end() {
      const read = reader.end();
      if (!read.ok) return read;
      const { rows: _, ...left } = read.value;
      table ??= createTableBuilder(schema.inputs).build();
      return ok({ table, ...left, unseen: unseenIn(table, left.skipped) });
    },
  };
}

export type BlockOptions = {
  use: TargetUse;
  /** Rows of a block; the last may have fewer. */
  blockRows: number;
  /** Rows there are in all, if known: memory is then taken once. */
  expectedRows?: number;
  /** Takes the next rows as a table of its own; codes of unseen categories are the block's. */
  onBlock(block: Table): void;
};

export type BlockReader = {
  push(text: string): void;
  end(): Result<
    { rows: number } & Pick<ReadTableAs, 'skippedRows' | 'skipped' | 'ignored'>,
    TableError
  >;
};

/**
 * As `createSchemaReader`, for files larger than memory: blocks of rows are handed on as they fill.
 * After an issue no further block is.
 */
export function createBlockReader(
  schema: TableSchema,
  { use, blockRows, onBlock, expectedRows }: BlockOptions,
): BlockReader {
  const issues = createTableIssues();
  const capacity = Math.min(blockRows, expectedRows ?? FIRST_CAPACITY);
  let builder: TableBuilder | null = null;
  const builderOf = () => {
    builder ??= createTableBuilder(schema.inputs, { capacity });
    return builder;
  };
  let readRow: RowReader | null = null;
  let rows = 0;
  const skipped: number[] = [];
  let ignored: string[] = [];
  let inBlock = 0;
  const handOn = () => {
    if (inBlock > 0 && issues.error() === null) onBlock(builderOf().build());
    builder = null;
    inBlock = 0;
  };
  const csv = createCsvRows({
    issues,
    onHeader: (header, line) => {
      const named = new Set([...schema.inputs.map(sourceOf), schema.target]);
      ignored = header.filter((name) => !named.has(name));
      readRow = createRowReader({ schema, use, header, line, issues, builderOf });
    },
    onRow: (texts, row, line) => {
      if (readRow === null) return;
      if (!readRow(texts, row, line)) {
        skipped.push(row);
        return;
      }
      rows++;
      if (++inBlock >= blockRows) handOn();
    },
  });
  return {
    push: (text) => csv.push(text),
    end() {
      csv.end();
      handOn();
      const error = issues.error();
      const skippedRows = skipped.length;
      return error ? fail(error) : ok({ rows, skippedRows, skipped, ignored });
    },
  };
}

function unseenIn(table: Table, skipped: readonly number[]): ReadTableAs['unseen'] {
  return table.columns.flatMap((column) => {
    if (column.type === 'number') return [];
    const cells = column.codes.reduce((sum, code) => sum + (code >= column.declared ? 1 : 0), 0);
    if (cells === 0) return [];
    const at = column.codes.indexOf(column.declared);
    const example = column.dictionary[column.declared];
    return [{ column: column.name, cells, example, row: rowOfFile(at, skipped) }];
  });
}

/** Where in the file the table's row `at` is, counted from 1. */
export function rowOfFile(at: number, skipped: readonly number[]): number {
  let row = at + 1;
  for (const other of skipped) {
    if (other > row) break;
    row++;
  }
  return row;
}
