import { fail, ok, type Result } from '../core/result.ts';
import { createSchemaInference, type InferOptions, type InferredSchema } from './infer-schema.ts';
import type { TableError } from './read-table.ts';
import { createSchemaReader } from './read-table-as.ts';
import type { Table } from './table.ts';

export type InferredTable = InferredSchema & {
  table: Table;
  /** Rows left out because their target was missing. */
  skippedRows: number;
  /** Which rows those are, counted from 1, ascending. */
  skipped: readonly number[];
};

/**
 * Reads CSV of which nothing is known but, perhaps, the target: guesses the columns in one pass
 * and reads them in a second. A target of classes is their codes 0 .. K-1 in the order of `classes`.
 * @param text the whole text, or its pieces (iterated twice, so not a generator's)
 * @see createSchemaInference for what is guessed, createSchemaReader for files larger than memory
 */
export function inferTable(
  text: string | readonly string[],
  options: InferOptions = {},
): Result<InferredTable, TableError> {
  const pieces = typeof text === 'string' ? [text] : text;
  const inference = createSchemaInference(options);
  for (const piece of pieces) inference.push(piece);
  const schema = inference.end();
  if (!schema.ok) return schema;
  const { rows, report } = schema.value;
  const withoutTarget = report.find(({ role }) => role === 'target')?.missing ?? 0;
  const reader = createSchemaReader(schema.value, 'required', rows - withoutTarget);
  for (const piece of pieces) reader.push(piece);
  const read = reader.end();
  if (!read.ok) return fail(read.error);
  const { table, skippedRows, skipped } = read.value;
  return ok({ ...schema.value, table, skippedRows, skipped });
}
