import { ok, type Result } from '../../shared/core/result.ts';
import { type CliFailure, failed } from '../failure.ts';

/** Words that mean yes where none is named, and what then means no, in any case. */
const YES_AND_NO: readonly (readonly [yes: string, no: string])[] = [
  ['1', '0'],
  ['true', 'false'],
  ['yes', 'no'],
];

const MOST_NAMED = 10;

/** The label that means yes. */
export type Positive = { label: string; isYes: (cell: string) => boolean };

/** A column of labels, in none of which a cell is missing. */
export type LabelColumn = { name: string; cells: readonly string[] };

/**
 * Which label means yes: the one asked for, or 1, true or yes, whichever is there. Refused where no row says it, or
 * where one column speaks another language than the others, or where three labels and more are there and none was asked
 * for; rows that all say its plain opposite are only rows of no.
 * @param columns at least one
 */
export function choosePositive(
  columns: readonly LabelColumn[],
  { positive, path }: { positive?: string; path: string },
): Result<Positive, CliFailure> {
  const labels = columns.map(({ cells }) => new Set(cells));
  const all = [...new Set(labels.flatMap((own) => [...own]))];
  const chosen = positive === undefined ? naturalYes(all) : named(positive);
  const found = `${path} holds ${listed(all)}`;
  if (!chosen) return failed('wrong_usage', `Which label means yes? Give --positive: ${found}.`);
  if (
    all.length > 0 &&
    !all.some(chosen.isYes) &&
    !all.every((label) => isNoTo(label, chosen.label))
  )
    return failed('wrong_usage', `No row says "${chosen.label}", which is to mean yes: ${found}.`);
  for (const [i, own] of labels.entries()) {
    const others = labels.filter((_, j) => j !== i);
    const isShared = [...own].some((label) => others.some((other) => other.has(label)));
    if (own.size < 2 || isShared || others.length === 0 || [...own].some(chosen.isYes)) continue;
    const message = `Column "${columns[i].name}" never says "${chosen.label}", which is to mean yes, but ${listed([...own])}: give all columns the same labels.`;
    return failed('wrong_usage', message);
  }
  const kinds = new Set(all.map(plain)).size;
  if (positive === undefined && kinds > 2)
    return failed(
      'wrong_usage',
      `Which of ${kinds} labels means yes? Give --positive, and the others mean no: ${found}.`,
    );
  return ok(chosen);
}

/** Equal as text, or as numbers. */
const named = (label: string): Positive => ({ label, isYes: (cell) => isSame(cell, label) });

function naturalYes(labels: readonly string[]): Positive | null {
  for (const [yes, no] of YES_AND_NO) {
    const isYes = (cell: string): boolean => isSame(cell.toLowerCase(), yes);
    const label = labels.find(isYes);
    if (label !== undefined) return { label, isYes };
    if (labels.every((cell) => isSame(cell.toLowerCase(), no))) return { label: yes, isYes };
  }
  return null;
}

/** The same of labels that are one: "1" and "1.0", "True" and "true". */
const plain = (label: string): string =>
  label.trim() === '' || Number.isNaN(Number(label)) ? label.toLowerCase() : `${Number(label)}`;

const isNoTo = (cell: string, label: string): boolean =>
  YES_AND_NO.some(
    ([yes, no]) => isSame(label.toLowerCase(), yes) && isSame(cell.toLowerCase(), no),
  );

const isSame = (cell: string, label: string): boolean =>
  cell === label || (label.trim() !== '' && cell.trim() !== '' && Number(cell) === Number(label));

function listed(labels: readonly string[]): string {
  const told = labels.slice(0, MOST_NAMED).map((label) => JSON.stringify(label));
  const left = labels.length - told.length;
  return `${told.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
