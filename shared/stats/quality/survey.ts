import { fail, ok, type Result } from '../../core/result.ts';
import { isMissingMark } from '../../table/cell.ts';
import {
  type ColumnEvidence,
  createColumnEvidence,
  takeCell,
} from '../../table/column-evidence.ts';
import { createCsvRows } from '../../table/csv-rows.ts';
import { type InferredColumn, inferColumn } from '../../table/infer-column.ts';
import type { TableError, TableIssue } from '../../table/read-table.ts';
import { createTableIssues } from '../../table/table-issues.ts';

/** What one pass over a file says of it: counts, not values. Rows of the wrong length are left out. */
export type Survey = {
  rows: number;
  columns: { evidence: ColumnEvidence; inferred: InferredColumn }[];
  /** What is wrong with the file as such: the first twenty, and how many there are. */
  fileIssues: TableIssue[];
  fileIssueCount: number;
};

export type SurveyReader = {
  push(text: string): void;
  end(): Result<Survey, TableError>;
};

/**
 * The first pass over a file whose quality is asked: a file that could not be learnt from is
 * surveyed all the same, and what is wrong with it is told. Fails only without a header or a row.
 */
export function createSurvey(): SurveyReader {
  const issues = createTableIssues();
  let evidence: ColumnEvidence[] = [];
  let rows = 0;
  const csv = createCsvRows({
    issues,
    onHeader: (header) => {
      evidence = header.map(createColumnEvidence);
    },
    onRow: (cells) => {
      rows++;
      for (let i = 0; i < evidence.length; i++) {
        const text = cells[i].trim();
        if (isMissingMark(text)) evidence[i].missing++;
        else takeCell(evidence[i], text);
      }
    },
  });
  return {
    push: (text) => csv.push(text),
    end() {
      csv.end();
      if (rows === 0 && issues.error() === null)
        issues.add({
          ...{ row: null, line: 1, column: null },
          ...{ expected: 'at least one row', found: 'a header alone' },
        });
      const error = issues.error();
      if (rows === 0 && error !== null) return fail(error);
      const columns = evidence.map((one) => ({ evidence: one, inferred: inferColumn(one).column }));
      const { issues: fileIssues, issueCount: fileIssueCount } = error ?? {
        issues: [],
        issueCount: 0,
      };
      return ok({ rows, columns, fileIssues, fileIssueCount });
    },
  };
}
