import { isMissingWord, isNumberText } from './cell.ts';
import { type ColumnEvidence, MOST_LEVELS } from './column-evidence.ts';
import type { ColumnSpec } from './table.ts';
import { type DateOrder, TIME_PARTS } from './time-part.ts';

export type ColumnType = 'number' | 'boolean' | 'category' | 'time' | 'text' | 'empty';

/** What was guessed of one column of a file, and why. */
export type InferredColumn = {
  name: string;
  type: ColumnType;
  role: 'input' | 'target' | 'left_out';
  /** A sentence for people. */
  why: string;
  /** Names of the inputs made of it: itself, or parts of a time, or none. */
  inputs: string[];
  rows: number;
  /** Cells that are empty, `NA` or `?`, and in a column of numbers words such as `nan`. */
  missing: number;
  /** Different values; a lower bound where `isDistinctExact` is false. */
  distinct: number;
  isDistinctExact: boolean;
  /** Least and greatest number; null for other columns. */
  range: [number, number] | null;
  examples: string[];
};

/** Read this column as that, or not at all. */
export type ColumnOverride = 'number' | 'category' | 'time' | 'left_out';

/** Text in at most this share of a column of numbers is a mistake, not a code. */
const MOST_TEXT_AMONG_NUMBERS = 0.05;
/** A column of fewer different numbers than this may be one of codes, some of them words. */
const FEWEST_NUMBERS = 20;
/** So few different words among at least as many cells of numbers are marks of something, not codes. */
const MOST_WORDS_AMONG_NUMBERS = 3;
/** From this many rows on, a text that never comes twice names its row. */
const FEWEST_ROWS_OF_AN_ID = 20;
/** So many different values a row are names of rows, even if a few come twice. */
const ID_DISTINCT_SHARE = 0.9;
/** Words a cell, and different values a row, from which on text is free text. */
const FREE_TEXT_WORDS = 4;
const FREE_TEXT_DISTINCT_SHARE = 0.5;

type Guess = Pick<InferredColumn, 'type' | 'why'> & { specs: ColumnSpec[] };

/** Decides what a column is and which inputs it gives. @param override what the caller knows */
export function inferColumn(
  evidence: ColumnEvidence,
  override: ColumnOverride | null = null,
): { column: InferredColumn; specs: ColumnSpec[] } {
  const guess = override === null ? guessOf(evidence) : overridden(evidence, override);
  const { type, why, specs } = guess;
  const isInput = specs.length > 0;
  const column: InferredColumn = {
    ...factsOf(evidence, type),
    role: isInput ? 'input' : 'left_out',
    why,
    inputs: specs.map((spec) => spec.name),
  };
  return { column, specs };
}

/** What was counted, as the report of a column of that type says it. */
export function factsOf(
  evidence: ColumnEvidence,
  type: ColumnType,
): Omit<InferredColumn, 'role' | 'why' | 'inputs'> {
  const isOfNumbers = type === 'number' || (type === 'boolean' && evidence.numbers > 0);
  return {
    name: evidence.name,
    type,
    rows: evidence.present + evidence.missing,
    missing: evidence.missing + (isOfNumbers ? evidence.missingWords : 0),
    distinct: evidence.levels.size,
    isDistinctExact: evidence.isLevelsComplete,
    range: isOfNumbers && evidence.numbers > 0 ? [evidence.min, evidence.max] : null,
    examples: evidence.examples,
  };
}

/** Are the cells numbers, but for words that mean missing, and mistakes or marks? */
export function isOfNumbers(evidence: ColumnEvidence): boolean {
  const { present, numbers, infinities, missingWords, levels } = evidence;
  const wrong = present - numbers - infinities - missingWords;
  if (numbers === 0) return false;
  if (wrong === 0) return true;
  if (levels.size <= FEWEST_NUMBERS) return false;
  if (wrong <= MOST_TEXT_AMONG_NUMBERS * present) return true;
  return wrong <= numbers && wordLevels(evidence) <= MOST_WORDS_AMONG_NUMBERS;
}

function wordLevels({ levels }: ColumnEvidence): number {
  let words = 0;
  for (const level of levels.keys()) if (!isNumberText(level) && !isMissingWord(level)) words++;
  return words;
}

function guessOf(evidence: ColumnEvidence): Guess {
  const { present, missing, booleans, levels } = evidence;
  if (present === 0) return { type: 'empty', why: 'every cell is missing', specs: [] };
  if (levels.size === 1 && missing === 0) {
    const why = `every cell is "${[...levels.keys()][0].slice(0, 60)}", which tells nothing`;
    return { type: typeOfConstant(evidence), why, specs: [] };
  }
  if (isOfNumbers(evidence)) return guessOfNumbers(evidence);
  const order = dateOrder(evidence);
  if (order !== null) return timeColumn(evidence, order);
  if (booleans === present && levels.size <= 2)
    return { type: 'boolean', why: 'yes and no, in words', specs: [categorySpec(evidence)] };
  return guessOfText(evidence);
}

function typeOfConstant(evidence: ColumnEvidence): ColumnType {
  if (evidence.numbers === evidence.present) return 'number';
  return dateOrder(evidence) === null ? 'category' : 'time';
}

/**
 * The order in which all cells are dates; null where there is none. Days and months that could be
 * either are days first where points part them, as in most of the world, else months first.
 */
export function dateOrder({ times, present, examples }: ColumnEvidence): DateOrder | null {
  if (times.year_first === present) return 'year_first';
  const isDayFirst = times.day_first === present;
  const isMonthFirst = times.month_first === present;
  if (isDayFirst && isMonthFirst) return examples[0]?.includes('.') ? 'day_first' : 'month_first';
  if (isDayFirst) return 'day_first';
  return isMonthFirst ? 'month_first' : null;
}

function guessOfNumbers(evidence: ColumnEvidence): Guess {
  const { name, present, whole, numbers, levels, missingWords, uniqueNumbers } = evidence;
  if (uniqueNumbers !== null && whole === numbers && present >= FEWEST_ROWS_OF_AN_ID) {
    const why = `an id: named "${name}", whole numbers of which none comes twice`;
    return { type: 'number', why, specs: [] };
  }
  const words = missingWords === 0 ? '' : `; ${missingWords} words such as "nan" mean missing`;
  const wrong = present - numbers - missingWords;
  const mistakes = wrong === 0 ? '' : `; ${wrong} cells are not`;
  const isBoolean =
    whole === numbers && levels.size <= 4 && evidence.min === 0 && evidence.max === 1;
  const few = whole === numbers && levels.size <= FEWEST_NUMBERS;
  const count = few && !isBoolean ? `, whole and only ${levels.size} different ones` : '';
  return {
    type: isBoolean ? 'boolean' : 'number',
    why: isBoolean
      ? `0 and 1, kept as numbers${words}`
      : `numbers from ${evidence.min} to ${evidence.max}${count}${words}${mistakes}`,
    specs: [{ name, type: 'number', missing: 'impute' }],
  };
}

function guessOfText(evidence: ColumnEvidence): Guess {
  const { present, numbers, levels, words } = evidence;
  const distinctShare = levels.size / present;
  if (levels.size >= MOST_LEVELS)
    return { type: 'text', why: `text of more than ${MOST_LEVELS} different values`, specs: [] };
  const isLong = words / present >= FREE_TEXT_WORDS && distinctShare > FREE_TEXT_DISTINCT_SHARE;
  if (present >= FEWEST_ROWS_OF_AN_ID && isLong) {
    const why = `free text: ${(words / present).toFixed(1)} words a cell, ${levels.size} different`;
    return { type: 'text', why, specs: [] };
  }
  if (present >= FEWEST_ROWS_OF_AN_ID && distinctShare > ID_DISTINCT_SHARE) {
    const why = `an id: ${levels.size} different values in ${present} rows`;
    return { type: 'text', why, specs: [] };
  }
  const mixed = numbers === 0 ? '' : `, in ${numbers} of ${present} cells numbers`;
  const why = `text of ${valuesOf(levels)}${mixed}`;
  return { type: 'category', why, specs: [categorySpec(evidence)] };
}

const valuesOf = ({ size }: { size: number }): string =>
  size === 1 ? 'one value, or missing' : `${size} different values`;

function timeColumn(evidence: ColumnEvidence, order: DateOrder): Guess {
  const { name, present, times, timesWithZone } = evidence;
  const zone = timesWithZone === present ? '' : ', taken as UTC where no zone is named';
  const isOpen = times.day_first === times.month_first;
  const doubt = isOpen ? ' (day and month could be either way round)' : '';
  const read = order === 'year_first' ? '' : `, ${order.replace('_', ' ')}${doubt}`;
  return {
    type: 'time',
    why: `points in time${read}${zone}: as days since 1970, month, weekday and hour`,
    specs: TIME_PARTS.map((part) => ({
      name: `${name}.${part}`,
      type: 'number',
      missing: 'impute',
      time: order === 'year_first' ? { column: name, part } : { column: name, part, order },
    })),
  };
}

function overridden(evidence: ColumnEvidence, override: ColumnOverride): Guess {
  const { name, numbers } = evidence;
  if (override === 'left_out')
    return { type: numbers > 0 ? 'number' : 'text', why: 'left out as asked for', specs: [] };
  if (override === 'time') {
    const order = dateOrder(evidence) ?? 'year_first';
    return { ...timeColumn(evidence, order), why: 'a time, as asked for' };
  }
  const specs: ColumnSpec[] =
    override === 'number'
      ? [{ name, type: 'number', missing: 'impute' }]
      : [categorySpec(evidence)];
  return { type: override, why: `a ${override}, as asked for`, specs };
}

/** Levels in code unit order, whatever the order of the rows. */
const categorySpec = ({ name, levels }: ColumnEvidence): ColumnSpec => ({
  name,
  type: 'category',
  missing: 'impute',
  categories: [...levels.keys()].sort().map((value) => ({ value })),
});
