import { ok, type Result } from '../../shared/core/result.ts';
import type { SplitWords } from '../../shared/learn/settings/fit-settings.ts';
import { isMissingMark, parseNumber } from '../../shared/table/cell.ts';
import { createCsvRows } from '../../shared/table/csv-rows.ts';
import { createTableIssues } from '../../shared/table/table-issues.ts';
import { parseTime } from '../../shared/table/time-part.ts';
import { type CliFailure, failed } from '../failure.ts';
import type { SplitRule } from './hold-out.ts';

/** The column that the rule reads; null: none. */
export const splitColumn = (words: SplitWords): string | null => {
  const at = words.indexOf(':');
  return at < 0 ? null : words.slice(at + 1);
};

type Rows = { path: string; pieces: readonly string[]; skipped: readonly number[] };

/** The rule with what its column holds in the rows that are not left out. */
export function readSplitRule(words: SplitWords, rows: Rows): Result<SplitRule, CliFailure> {
  const column = splitColumn(words);
  if (column === null) return ok({ by: words as 'random' | 'stratified' });
  const isTime = words.startsWith('time:');
  const cells = readColumn(column, rows);
  if (cells === null)
    return failed('wrong_usage', `${rows.path} has no column "${column}" to split by.`);
  const left = new Set(rows.skipped);
  const used = cells.flatMap((text, i) => (left.has(i + 1) ? [] : [{ text, row: i + 1 }]));
  const numberOf = isTime ? timeOf(used.map(({ text }) => text)) : groupOf();
  const numbers = Float64Array.from(used, ({ text }) => numberOf(text));
  const bad = numbers.findIndex(Number.isNaN);
  if (bad < 0) return ok({ by: isTime ? 'time' : 'group', column, numbers });
  const { text, row } = used[bad];
  const expected = isTime ? 'a date, a time or a number' : 'a group';
  return failed(
    'rows',
    `${rows.path}, row ${row}, column ${column}: rows are split by it, so ${expected} is expected, found "${text}".`,
  );
}

function readColumn(name: string, { pieces }: Rows): string[] | null {
  const cells: string[] = [];
  let at = -1;
  const csv = createCsvRows({
    issues: createTableIssues(),
    onHeader: (header) => {
      at = header.indexOf(name);
    },
    onRow: (texts) => {
      if (at >= 0) cells.push(texts[at].trim());
    },
  });
  for (const piece of pieces) csv.push(piece);
  csv.end();
  return at < 0 ? null : cells;
}

/** A group has a number by its first row; a missing one is none. */
function groupOf(): (text: string) => number {
  const numberOf = new Map<string, number>();
  return (text) => {
    if (isMissingMark(text)) return Number.NaN;
    const known = numberOf.get(text) ?? numberOf.size;
    numberOf.set(text, known);
    return known;
  };
}

const ORDERS = ['year_first', 'day_first', 'month_first'] as const;

/** Dates in the first order that every text is written in, or plain numbers. */
function timeOf(texts: readonly string[]): (text: string) => number {
  if (texts.every((text) => parseNumber(text) !== null)) return Number;
  const readable = (order: (typeof ORDERS)[number]) =>
    texts.reduce((sum, text) => sum + (parseTime(text, order) === null ? 0 : 1), 0);
  const [best] = [...ORDERS].sort((a, b) => readable(b) - readable(a));
  return (text) => parseTime(text, best) ?? Number.NaN;
}
