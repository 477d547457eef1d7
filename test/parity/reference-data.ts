import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeTableIssue, readTable, type TableSpec } from '../../shared/table/read-table.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';

/** The folder beside the checkout that holds reference data and conformance tables. */
const SHARED = join(import.meta.dirname, '../../../shared');

export const readReference = (path: string): string => readFileSync(join(SHARED, path), 'utf8');

export const referencePath = (path: string): string => join(SHARED, path);

export function referenceTable(path: string, spec: TableSpec): Table {
  const read = readTable(readReference(path), spec);
  if (read.ok) return read.value.table;
  throw new Error(read.error.issues.map(describeTableIssue).join('\n'));
}

/** Row numbers of the fixed 80/20 split, test rows in the order of splits.json. */
export function splitRows(
  name: string,
  rows: number,
): { training: Uint32Array; test: Uint32Array } {
  const splits = JSON.parse(readReference('conformance/splits.json'));
  const test = Uint32Array.from(splits[name].test as number[]);
  const isTest = new Set(test);
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  return { training: all.filter((row) => !isTest.has(row)), test };
}

export function splitReference(name: string, table: Table): { training: Table; test: Table } {
  const { training, test } = splitRows(name, table.rows);
  return { training: takeRows(table, training), test: takeRows(table, test) };
}
