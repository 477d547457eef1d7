import * as v from 'valibot';
import {
  LARGEST_VALUE,
  type OutcomesRequest,
  predictionId,
} from '../shared/contracts/telemetry.ts';
import { fail, ok, type Result } from '../shared/core/result.ts';
import { createCsvParser } from '../shared/table/csv-parser.ts';

type Outcome = OutcomesRequest['outcomes'][number];
/** What the data calls the two classes of a binary use case. */
export type Classes = readonly [negative: string, positive: string];

/** One place where the file is not what it should be. Data rows count from 1, lines too. */
export type RowIssue = {
  row: number | null;
  line: number;
  column: string | null;
  expected: string;
  found: string;
};

export type OutcomesCsv = {
  /** Sound rows, each with the row it came from. */
  outcomes: { row: number; outcome: Outcome }[];
  /** Corrupt rows: left out, named. */
  issues: RowIssue[];
};

const COLUMNS = ['prediction_id', 'value', 'observed_at'] as const;
type Column = (typeof COLUMNS)[number];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const FOUND_LENGTH = 60;

/**
 * Reads outcomes from CSV with the columns prediction_id, value and observed_at (ISO 8601, with a
 * time zone), in any order; other columns are ignored. A header that lacks one fails the file; a
 * corrupt row is left out and named.
 * @param classes of a binary use case, the negative one first: a value is one of them, or 0 or 1
 */
export function readOutcomesCsv(
  text: string,
  classes: Classes | null = null,
): Result<OutcomesCsv, { reason: 'bad_header'; issue: RowIssue }> {
  const read: OutcomesCsv = { outcomes: [], issues: [] };
  let header: string[] | null = null;
  let row = 0;
  const parser = createCsvParser((cells, line) => {
    if (header === null) header = cells.map((cell) => cell.trim());
    else readRow({ header, cells, row: ++row, line, classes }, read);
  });
  parser.push(text);
  const syntax = parser.end();
  const headerIssue = checkHeader(header);
  if (headerIssue) return fail({ reason: 'bad_header', issue: headerIssue });
  if (syntax) read.issues.push({ row: row + 1, column: null, ...syntax });
  return ok(read);
}

function checkHeader(header: string[] | null): RowIssue | null {
  const at = { row: null, line: 1, column: null };
  if (!header) return { ...at, expected: `a header: ${COLUMNS.join(',')}`, found: 'an empty file' };
  const wrong = COLUMNS.find((name) => header.filter((cell) => cell === name).length !== 1);
  if (!wrong) return null;
  return { ...at, expected: `one column named "${wrong}"`, found: header.join(',') };
}

type Record = {
  header: string[];
  cells: string[];
  row: number;
  line: number;
  classes: Classes | null;
};

function readRow({ header, cells, row, line, classes }: Record, read: OutcomesCsv): void {
  const report = (column: string | null, expected: string, found: string) =>
    read.issues.push({ row, line, column, expected, found: found.slice(0, FOUND_LENGTH) });
  if (cells.length !== header.length) {
    report(null, `${header.length} cells, as the header has`, String(cells.length));
    return;
  }
  const cell = (column: Column): string => cells[header.indexOf(column)]?.trim() ?? '';
  const checks = classes ? { ...CHECKS, value: checkOfClass(classes) } : CHECKS;
  const wrong = COLUMNS.find((column) => !checks[column].holds(cell(column)));
  if (wrong) {
    report(wrong, checks[wrong].expected, `"${cell(wrong)}"`);
    return;
  }
  const outcome = {
    predictionId: cell('prediction_id'),
    value: classes ? placeOf(cell('value'), classes) : Number(cell('value')),
    observedAt: new Date(cell('observed_at')).toISOString(),
  };
  read.outcomes.push({ row, outcome });
}

/** Date.parse takes the 31st of February for the 3rd of March. */
function isDay(text: string): boolean {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Place of a class by what the data calls it; by its number only where no class is called so. -1 for neither. */
function placeOf(text: string, classes: Classes): number {
  const named = classes.indexOf(text);
  return named >= 0 ? named : ['0', '1'].indexOf(text);
}

const checkOfClass = (classes: Classes): Check => ({
  expected: `"${classes[0]}" or "${classes[1]}", or 0 or 1`,
  holds: (text) => placeOf(text, classes) >= 0,
});

type Check = { expected: string; holds: (text: string) => boolean };

const CHECKS: { [column in Column]: Check } = {
  prediction_id: {
    expected: 'a prediction id like device.writer:17',
    holds: (text) => v.is(predictionId, text),
  },
  value: {
    expected: 'a number',
    holds: (text) => NUMBER.test(text) && Math.abs(Number(text)) <= LARGEST_VALUE,
  },
  observed_at: {
    expected: 'a time like 2026-05-01T09:30:00Z, with a time zone',
    holds: (text) => TIME.test(text) && isDay(text) && !Number.isNaN(Date.parse(text)),
  },
};
