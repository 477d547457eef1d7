import { fail, ok, type Result } from '../core/result.ts';
import { isMissingMark } from './cell.ts';
import { type ColumnEvidence, createColumnEvidence, takeCell } from './column-evidence.ts';
import { createCsvRows } from './csv-rows.ts';
import { type ColumnOverride, type InferredColumn, inferColumn } from './infer-column.ts';
import { inferTarget, type TargetTask } from './infer-target.ts';
import type { TableError } from './read-table.ts';
import type { ColumnSpec } from './table.ts';
import { createTableIssues, shownNames, type TableIssues } from './table-issues.ts';

/** How a file is read for a model: what a fitted model keeps to read other files the same way. */
export type TableSchema = {
  inputs: ColumnSpec[];
  target: string | null;
  /** The labels by class code; null where the target is a number, or there is none. */
  classes: string[] | null;
};

export type InferOptions = {
  /** Column to be predicted; without one every column may be an input. */
  target?: string;
  /** What the target is; without it, guessed and reported. */
  task?: TargetTask;
  /** What the caller knows of columns by name. */
  columns?: Readonly<Record<string, ColumnOverride>>;
  /**
   * Rows to guess from; the rest need not be pushed. A later row that does not fit is then told by
   * who reads it: an issue with its row, or an unseen category. Default: all rows.
   */
  mostRows?: number;
};

export type InferredSchema = TableSchema & { report: InferredColumn[]; rows: number };

export type SchemaInference = {
  push(text: string): void;
  /** True once `mostRows` were seen. */
  isDone(): boolean;
  end(): Result<InferredSchema, TableError>;
};

/**
 * Guesses from CSV, piece by piece and in memory bounded by the number of different values, which
 * columns are inputs and of what type: numbers stay numbers however few there are, text is
 * categories in code unit order, times become numbers (days, month, weekday, hour); ids, free text,
 * constant and empty columns are left out; each with its reason in `report`. The second pass over
 * the same text is `createSchemaReader`'s.
 * Fails where there is no row, no input, no such target, or a target that is not what `task` needs.
 */
export function createSchemaInference(options: InferOptions = {}): SchemaInference {
  const issues = createTableIssues();
  const { mostRows = Number.POSITIVE_INFINITY } = options;
  let columns: ColumnEvidence[] = [];
  let rows = 0;
  const csv = createCsvRows({
    issues,
    onHeader: (header, line) => {
      columns = header.map(createColumnEvidence);
      for (const name of [options.target ?? [], Object.keys(options.columns ?? {})].flat())
        if (!header.includes(name)) issues.add(absent(name, header, line));
    },
    onRow: (cells) => {
      if (rows >= mostRows) return;
      rows++;
      for (let i = 0; i < columns.length; i++) {
        const text = cells[i].trim();
        if (isMissingMark(text)) columns[i].missing++;
        else takeCell(columns[i], text);
      }
    },
  });
  return {
    push: (text) => {
      if (rows < mostRows) csv.push(text);
    },
    isDone: () => rows >= mostRows,
    end() {
      // What was not pushed may have cut a record in two.
      if (rows < mostRows) csv.end();
      const found = 'a header alone';
      if (issues.error() === null && rows === 0)
        issues.add({ row: null, line: 1, column: null, expected: 'at least one row', found });
      const early = issues.error();
      if (early) return fail(early);
      return decide(columns, { options, rows, issues });
    },
  };
}

/** The issue of a column that should be there. */
export const absent = (name: string, header: readonly string[], line: number) => ({
  row: null,
  line,
  column: name,
  expected: `a column named "${name}"`,
  found: shownNames(header),
});

function decide(
  columns: readonly ColumnEvidence[],
  { options, rows, issues }: { options: InferOptions; rows: number; issues: TableIssues },
): Result<InferredSchema, TableError> {
  const inputs: ColumnSpec[] = [];
  const report: InferredColumn[] = [];
  let classes: string[] | null = null;
  for (const evidence of columns) {
    if (evidence.name === options.target) {
      const target = inferTarget(evidence, options.task ?? null, issues);
      classes = target.classes;
      report.push(target.column);
      continue;
    }
    const { columns: known = {} } = options;
    // A column may be called as what every object has: `constructor`.
    const override = Object.hasOwn(known, evidence.name) ? known[evidence.name] : null;
    const { column, specs } = inferColumn(evidence, override);
    inputs.push(...specs);
    report.push(column);
  }
  if (inputs.length === 0) issues.add(noInputs(report));
  const error = issues.error();
  if (error) return fail(error);
  return ok({ inputs, target: options.target ?? null, classes, report, rows });
}

function noInputs(report: readonly InferredColumn[]) {
  const reasons = report
    .filter((column) => column.role === 'left_out')
    .map(({ name, why }) => `${name}: ${why}`);
  const found = reasons.length === 0 ? 'the target alone' : reasons.join('; ').slice(0, 300);
  return { row: null, line: 1, column: null, expected: 'a column to predict from', found };
}
