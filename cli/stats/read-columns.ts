import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { isMissingMark, isMissingWord } from '../../shared/table/cell.ts';
import { createCsvParser } from '../../shared/table/csv-parser.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed, unreadable } from '../failure.ts';

/**
 * Cells by column name, as text; null where missing: empty, NA or ?, and in a column of which all else are numbers
 * words such as "NaN" too. All of one length.
 */
export type TextColumns = { rows: number; columns: Map<string, (string | null)[]> };

/** Reads any CSV with a header into columns of text. */
export async function readColumns(
  context: CliContext,
  path: string,
): Promise<Result<TextColumns, CliFailure>> {
  const columns = new Map<string, (string | null)[]>();
  let names: string[] | null = null;
  let rows = 0;
  let issue: string | null = null;
  const parser = createCsvParser((cells, line) => {
    if (names === null) {
      names = cells.map((cell) => cell.trim());
      for (const name of names) columns.set(name, []);
      if (columns.size !== names.length) issue ??= 'line 1: two columns have the same name';
      return;
    }
    rows++;
    if (cells.length !== names.length)
      issue ??= `row ${rows} (line ${line}): expected ${names.length} cells, found ${cells.length}`;
    names.forEach((name, i) => {
      const cell = (cells[i] ?? '').trim();
      columns.get(name)?.push(isMissingMark(cell) ? null : cell);
    });
  });
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for await (const piece of createReadStream(resolve(context.cwd, path)))
      parser.push(decoder.decode(piece, { stream: true }));
    parser.push(decoder.decode());
  } catch (error) {
    return unreadable(path, error);
  }
  const syntax = parser.end();
  if (syntax) issue ??= `line ${syntax.line}: expected ${syntax.expected}, found ${syntax.found}`;
  if (names === null) issue ??= 'the file is empty: expected a header';
  if (issue !== null) return failed('rows', `${path} is refused.`, [issue]);
  for (const cells of columns.values()) if (areNumbers([cells])) dropMissingWords(cells);
  return ok({ rows, columns });
}

/**
 * Are these numbers, but for what is missing and words that mean missing ("NaN", "null", "None", "N/A", ...), and is
 * there a number among them? Among categories "None" may well be one.
 * @param columns the same column of several files
 */
export function areNumbers(columns: readonly (readonly (string | null)[])[]): boolean {
  let numbers = 0;
  for (const cells of columns)
    for (const cell of cells) {
      if (cell === null || isMissingWord(cell)) continue;
      if (!isNumberText(cell)) return false;
      numbers++;
    }
  return numbers > 0;
}

/** Makes words that mean missing null, in place; of a column of numbers. */
export function dropMissingWords(cells: (string | null)[]): void {
  cells.forEach((cell, i) => {
    if (cell !== null && isMissingWord(cell)) cells[i] = null;
  });
}

const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?)$/i;

/** Is this text a number, or an infinity? */
export const isNumberText = (text: string): boolean => NUMBER.test(text);

/** The cells of one column, or which columns there are. */
export function findColumn(
  table: TextColumns,
  name: string,
  path: string,
): Result<(string | null)[], CliFailure> {
  const cells = table.columns.get(name);
  if (cells) return ok(cells);
  const known = [...table.columns.keys()].join(', ');
  return failed('rows', `${path} has no column "${name}".`, [`It has: ${known}`]);
}

/** The cells of one column as finite numbers; the first that is not one fails. */
export function numbersIn(
  cells: readonly (string | null)[],
  { column, path }: { column: string; path: string },
): Result<number[], CliFailure> {
  const wrong = cells.findIndex((cell) => cell === null || !Number.isFinite(Number(cell)));
  if (wrong < 0) return ok(cells.map(Number));
  const found = cells[wrong] === null ? 'nothing' : `"${cells[wrong]}"`;
  return failed('rows', `${path} is refused.`, [
    `row ${wrong + 1}, column "${column}": expected a number, found ${found}`,
  ]);
}

/** The cells of a column as probabilities; the first that is not one fails. */
export function readProbabilities(
  table: TextColumns,
  column: string,
  path: string,
): Result<number[], CliFailure> {
  const cells = findColumn(table, column, path);
  if (!cells.ok) return cells;
  const numbers = numbersIn(cells.value, { column, path });
  if (!numbers.ok) return numbers;
  const wrong = numbers.value.findIndex((p) => p < 0 || p > 1);
  if (wrong < 0) return numbers;
  return failed('rows', `${path} is refused.`, [
    `row ${wrong + 1}, column "${column}": expected a probability from 0 to 1, found ${numbers.value[wrong]}`,
  ]);
}
