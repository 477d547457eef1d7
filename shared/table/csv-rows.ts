import { createCsvParser } from './csv-parser.ts';
import { headerIssues, type TableIssues } from './table-issues.ts';

export type CsvRows = {
  push(text: string): void;
  /** @returns the names of the columns and how many rows there were; null where there was no header */
  end(): { header: string[]; rows: number } | null;
};

/**
 * Reads CSV with a header, piece by piece: a header with empty or repeated names, rows of the wrong
 * length and broken syntax become issues, sound rows are handed on. White space around names is
 * dropped. Rows count from 1, after a header that was refused too.
 */
export function createCsvRows({
  issues,
  onHeader,
  onRow,
}: {
  issues: TableIssues;
  onHeader(header: string[], line: number): void;
  onRow(cells: string[], row: number, line: number): void;
}): CsvRows {
  let header: string[] | null = null;
  let rows = 0;
  const parser = createCsvParser((cells, line) => {
    if (header === null) {
      header = cells.map((cell) => cell.trim());
      for (const issue of headerIssues(header)) issues.add({ row: null, line, ...issue });
      onHeader(header, line);
      return;
    }
    rows++;
    if (cells.length === header.length) {
      onRow(cells, rows, line);
      return;
    }
    const expected = `${header.length} cells, as the header has`;
    issues.add({ row: rows, line, column: null, expected, found: String(cells.length) });
  });
  return {
    push: (text) => parser.push(text),
    end() {
      const error = parser.end();
      if (error) issues.add({ row: header === null ? null : rows + 1, column: null, ...error });
      else if (header === null)
        issues.add({ row: null, line: 1, column: null, expected: 'a header', found: 'nothing' });
      return header === null ? null : { header, rows };
    },
  };
}
