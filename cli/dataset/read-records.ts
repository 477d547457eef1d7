import { createReadStream } from 'node:fs';
import { ok, type Result } from '../../shared/core/result.ts';
import { createCsvParser } from '../../shared/table/csv-parser.ts';
import { type CliFailure, failed, unreadable } from '../failure.ts';

/** The named cells of one record; missing marks (empty, NA, ?) are ''. */
export type CsvRecord = Readonly<Record<string, string>>;

/** Reads the named columns of a CSV file, record by record. */
export async function readRecords(
  path: string,
  columns: readonly string[],
  onRecord: (record: CsvRecord) => void,
): Promise<Result<null, CliFailure>> {
  let header: string[] | null = null;
  const problems: string[] = [];
  const parser = createCsvParser((cells, line) => {
    if (header === null) {
      header = cells.map((cell) => cell.trim());
      const missing = columns.filter((name) => !header?.includes(name));
      if (missing.length > 0) problems.push(`there is no column ${missing.join(', ')}`);
    } else if (cells.length !== header.length)
      problems.push(`line ${line}: expected ${header.length} cells, found ${cells.length}`);
    else if (problems.length === 0) onRecord(recordOf(header, cells, columns));
  });
  try {
    for await (const piece of createReadStream(path, 'utf8')) parser.push(piece);
  } catch (error) {
    return unreadable(path, error);
  }
  const error = parser.end();
  if (error) problems.push(`line ${error.line}: expected ${error.expected}, found ${error.found}`);
  if (header === null) problems.push('it is empty');
  if (problems.length === 0) return ok(null);
  return failed('rows', `${path} is not the file this needs.`, problems.slice(0, 20));
}

function recordOf(header: string[], cells: string[], columns: readonly string[]): CsvRecord {
  return Object.fromEntries(
    columns.map((name) => {
      const text = cells[header.indexOf(name)].trim();
      return [name, text === 'NA' || text === '?' ? '' : text];
    }),
  );
}
