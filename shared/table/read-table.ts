import { fail, ok, type Result } from '../core/result.ts';
import { isMissingMark, isNumberText, numberExpectation, parseNumber } from './cell.ts';
import { createCsvParser } from './csv-parser.ts';
import type { ColumnSpec, Table } from './table.ts';
import { createTableBuilder, type TableBuilder } from './table-builder.ts';
import { headerIssues, shownNames } from './table-issues.ts';

export type TableSpec = {
  readonly inputs: readonly ColumnSpec[];
  readonly target: string;
  /** Texts of the target's two classes, told as 0 and 1; absent: the target is a number. */
  readonly classes?: readonly string[];
  /** Column of the time order: a number, or an ISO 8601 timestamp that names its zone. */
  readonly orderBy?: string;
};

/** One place where the text is not what the table needs. Data rows count from 1. */
export type TableIssue = {
  row: number | null;
  line: number;
  column: string | null;
  expected: string;
  found: string;
};

export type TableError = { reason: 'invalid_csv'; issues: TableIssue[]; issueCount: number };

export type ReadTable = {
  table: Table;
  /** Rows left out because the target, the order or an input that rejects it was missing. */
  skippedRows: number;
};

export type TableReader = {
  push(text: string): void;
  end(): Result<ReadTable, TableError>;
};

const KEPT_ISSUES = 20;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads a whole CSV text. @see createTableReader */
export function readTable(text: string, spec: TableSpec): Result<ReadTable, TableError> {
  const reader = createTableReader(spec);
  reader.push(text);
  return reader.end();
}

/**
 * Reads CSV, piece by piece, into typed columns. The first record names the columns; those the spec
 * does not name are ignored. Empty, `NA` and `?` are missing. Every wrong cell is an issue with its
 * row, column, what was expected and what was found (the first 20 are kept, all are counted).
 */
export function createTableReader(spec: TableSpec): TableReader {
  const issues: TableIssue[] = [];
  let issueCount = 0;
  const report = (issue: TableIssue) => {
    issueCount++;
    if (issues.length < KEPT_ISSUES) issues.push(issue);
  };
  const builder = createTableBuilder(spec.inputs, { isOrdered: spec.orderBy !== undefined });
  let header: string[] | null = null;
  let cellReaders: CellReader[] = [];
  let row = 0;
  let skippedRows = 0;

  const takeRecord = (cells: string[], line: number) => {
    if (header === null) {
      header = cells.map((cell) => cell.trim());
      cellReaders = cellReadersOf(spec, header, (issue) => report({ row: null, line, ...issue }));
      return;
    }
    row++;
    if (cells.length !== header.length) {
      const expected = `${header.length} cells, as the header has`;
      report({ row, line, column: null, expected, found: String(cells.length) });
      return;
    }
    if (!readRow({ cells, builder, cellReaders, report, row, line })) skippedRows++;
  };
  const parser = createCsvParser(takeRecord);
  return {
    push: (text) => parser.push(text),
    end() {
      const error = parser.end();
      if (error) report({ row: header === null ? null : row + 1, column: null, ...error });
      else if (header === null)
        report({ row: null, line: 1, column: null, expected: 'a header', found: 'an empty file' });
      if (issueCount > 0) return fail({ reason: 'invalid_csv', issues, issueCount });
      return ok({ table: builder.build(), skippedRows });
    },
  };
}

/** One needed column: where its cell is and what it must hold. */
type CellReader = {
  name: string;
  cell: number;
  role:
    | { kind: 'input'; index: number; spec: ColumnSpec }
    | { kind: 'target'; classes: readonly string[] | undefined }
    | { kind: 'order' };
};

function cellReadersOf(
  spec: TableSpec,
  header: string[],
  report: (issue: Pick<TableIssue, 'column' | 'expected' | 'found'>) => void,
): CellReader[] {
  const readers: CellReader[] = [];
  // Names that are not needed may be anything; a header that is none explains what is missing.
  const isNone = spec.inputs.every(({ name }) => !header.includes(name));
  const hint = isNone ? headerIssues(header).find(({ column }) => column === null) : undefined;
  if (hint) report(hint);
  const add = (name: string, role: CellReader['role']) => {
    const cell = header.indexOf(name);
    const copies = header.filter((other) => other === name).length;
    const found = copies === 0 ? shownNames(header) : `${copies} columns of that name`;
    if (copies !== 1) report({ column: name, expected: `one column named "${name}"`, found });
    else readers.push({ name, cell, role });
  };
  spec.inputs.forEach((input, index) => {
    add(input.name, { kind: 'input', index, spec: input });
  });
  add(spec.target, { kind: 'target', classes: spec.classes });
  if (spec.orderBy !== undefined) add(spec.orderBy, { kind: 'order' });
  return readers;
}

type RowContext = {
  cells: string[];
  builder: TableBuilder;
  cellReaders: CellReader[];
  report: (issue: TableIssue) => void;
  row: number;
  line: number;
};

/** @returns false when the row is left out for a missing value it cannot do without */
function readRow({ cells, builder, cellReaders, report, row, line }: RowContext): boolean {
  let isComplete = true;
  let target = 0;
  let order = 0;
  builder.begin();
  for (const { name, cell, role } of cellReaders) {
    const text = cells[cell].trim();
    if (isMissingMark(text)) {
      if (role.kind !== 'input' || role.spec.missing === 'reject') isComplete = false;
      continue;
    }
    if (role.kind === 'input' && role.spec.type === 'category') {
      builder.setCategory(role.index, text);
      continue;
    }
    const value = parseCell(text, role);
    if (value === null) {
      const found = `"${text.slice(0, 60)}"`;
      report({ row, line, column: name, expected: expectedOf(role, text), found });
    } else if (role.kind === 'input') builder.setNumber(role.index, value);
    else if (role.kind === 'target') target = value;
    else order = value;
  }
  if (isComplete) builder.commit(target, order);
  return isComplete;
}

function parseCell(text: string, role: CellReader['role']): number | null {
  if (role.kind === 'order') return parseOrder(text);
  if (role.kind === 'input' || role.classes === undefined) return parseNumber(text);
  const code = role.classes.indexOf(text);
  return code < 0 ? null : code;
}

function expectedOf(role: CellReader['role'], text: string): string {
  if (role.kind === 'order') return 'a number or an ISO 8601 time';
  if (role.kind === 'input' || role.classes === undefined) return numberExpectation(text);
  return role.classes.map((label) => `"${label}"`).join(' or ');
}

function parseOrder(text: string): number | null {
  if (TIMESTAMP.test(text)) {
    const timeMs = Date.parse(text);
    return Number.isNaN(timeMs) ? null : timeMs;
  }
  return isNumberText(text) ? Number(text) : null;
}

/** One issue as a sentence. */
export function describeTableIssue(issue: TableIssue): string {
  const row = issue.row === null ? '' : `row ${issue.row} `;
  const column = issue.column === null ? '' : `, column ${issue.column}`;
  return `${row}(line ${issue.line})${column}: expected ${issue.expected}, found ${issue.found}`;
}
