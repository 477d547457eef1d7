import { fail, ok, type Result } from '../core/result.ts';
import { createCsvRows } from './csv-rows.ts';
import type { TableSchema } from './infer-schema.ts';
import type { TableError } from './read-table.ts';
import { createRowReader, type RowReader, type TargetUse } from './schema-row-reader.ts';
import type { Table } from './table.ts';
import { createTableBuilder, type TableBuilder } from './table-builder.ts';
import { createTableIssues } from './table-issues.ts';

export type ReadTableAs = {
  table: Table;
  /** Rows left out because their target, or an input that rejects it, was missing. */
  skippedRows: number;
  /** Cells whose category the schema does not hold, by input; they are no level of it. */
  unseen: { column: string; cells: number; example: string }[];
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
      table ??= createTableBuilder(schema.inputs).build();
      return ok({ table, skippedRows: read.value.skippedRows, unseen: unseenIn(table) });
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
  end(): Result<{ rows: number; skippedRows: number }, TableError>;
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
  let skippedRows = 0;
  let inBlock = 0;
  const handOn = () => {
    if (inBlock > 0 && issues.error() === null) onBlock(builderOf().build());
    builder = null;
    inBlock = 0;
  };
  const csv = createCsvRows({
    issues,
    onHeader: (header, line) => {
      readRow = createRowReader({ schema, use, header, line, issues, builderOf });
    },
    onRow: (texts, row, line) => {
      if (readRow === null) return;
      if (!readRow(texts, row, line)) {
        skippedRows++;
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
      return error ? fail(error) : ok({ rows, skippedRows });
    },
  };
}

function unseenIn(table: Table): ReadTableAs['unseen'] {
  return table.columns.flatMap((column) => {
    if (column.type === 'number') return [];
    const cells = column.codes.reduce((sum, code) => sum + (code >= column.declared ? 1 : 0), 0);
    return cells === 0
      ? []
      : [{ column: column.name, cells, example: column.dictionary[column.declared] }];
  });
}
