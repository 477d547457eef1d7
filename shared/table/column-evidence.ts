import { isBooleanText, isInfiniteText, isMissingWord, isNumberText } from './cell.ts';
import { type DateOrder, namesZone, parseTime } from './time-part.ts';

/** Values of a column that are told apart; a column of numbers needs fewer. */
export const MOST_LEVELS = 50_000;
const MOST_NUMBER_LEVELS = 1_000;
const KEPT_EXAMPLES = 3;

const DATE_ORDERS: readonly DateOrder[] = ['year_first', 'day_first', 'month_first'];

const ID_NAME =
  /^(?:index|idx|row|rownum|row_number|unnamed:? ?\d*)$|(?:^|[_\s.-])(?:id|ids|uuid|guid)$/i;
const CAMEL_ID_NAME = /[a-z](?:Id|ID)$/;

/** What the cells of one column look like, counted in one pass in bounded memory. */
export type ColumnEvidence = {
  readonly name: string;
  readonly isNamedLikeId: boolean;
  present: number;
  missing: number;
  numbers: number;
  infinities: number;
  /** Words such as `nan` that mean missing where the column is of numbers. */
  missingWords: number;
  booleans: number;
  /** Dates, and dates with a time of day, by what comes first in them. */
  times: Record<DateOrder, number>;
  timesWithZone: number;
  whole: number;
  min: number;
  max: number;
  /** Words, over the present cells: free text has many. */
  words: number;
  /** Rows of each value, up to a limit. */
  levels: Map<string, number>;
  /** False when there are more values than `levels` holds. */
  isLevelsComplete: boolean;
  /** Numbers of a column that is named like an id; null when one came twice. */
  uniqueNumbers: Set<number> | null;
  examples: string[];
};

export function createColumnEvidence(name: string): ColumnEvidence {
  const isNamedLikeId = ID_NAME.test(name) || CAMEL_ID_NAME.test(name);
  return {
    name,
    isNamedLikeId,
    present: 0,
    missing: 0,
    numbers: 0,
    infinities: 0,
    missingWords: 0,
    booleans: 0,
    times: { year_first: 0, day_first: 0, month_first: 0 },
    timesWithZone: 0,
    whole: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    words: 0,
    levels: new Map(),
    isLevelsComplete: true,
    uniqueNumbers: isNamedLikeId ? new Set() : null,
    examples: [],
  };
}

/** Counts one present cell. @param text without white space around it */
export function takeCell(evidence: ColumnEvidence, text: string): void {
  evidence.present++;
  if (isNumberText(text)) takeNumber(evidence, Number(text));
  else takeWord(evidence, text);
  takeLevel(evidence, text);
}

function takeNumber(evidence: ColumnEvidence, value: number): void {
  if (!Number.isFinite(value)) {
    evidence.infinities++;
    return;
  }
  evidence.numbers++;
  if (Number.isInteger(value)) evidence.whole++;
  if (value < evidence.min) evidence.min = value;
  if (value > evidence.max) evidence.max = value;
  const { uniqueNumbers } = evidence;
  if (uniqueNumbers === null) return;
  if (uniqueNumbers.has(value)) evidence.uniqueNumbers = null;
  else uniqueNumbers.add(value);
}

function takeWord(evidence: ColumnEvidence, text: string): void {
  if (isInfiniteText(text)) evidence.infinities++;
  else if (isMissingWord(text)) evidence.missingWords++;
  else if (isBooleanText(text)) evidence.booleans++;
  else if (!takeTime(evidence, text)) evidence.words += wordsIn(text);
}

function takeTime(evidence: ColumnEvidence, text: string): boolean {
  let isTime = false;
  for (const order of DATE_ORDERS)
    if (parseTime(text, order) !== null) {
      evidence.times[order]++;
      isTime = true;
      // What begins with the year is in no other order.
      if (order === 'year_first') break;
    }
  if (isTime && namesZone(text)) evidence.timesWithZone++;
  return isTime;
}

function takeLevel(evidence: ColumnEvidence, text: string): void {
  const { levels } = evidence;
  const isOfNumbers = evidence.numbers === evidence.present;
  // Counts of numbers that are not all held are of no use.
  if (isOfNumbers && !evidence.isLevelsComplete) return;
  const rows = levels.get(text);
  if (rows !== undefined) {
    levels.set(text, rows + 1);
    return;
  }
  if (levels.size >= (isOfNumbers ? MOST_NUMBER_LEVELS : MOST_LEVELS)) {
    evidence.isLevelsComplete = false;
    return;
  }
  const kept = ownCopy(text);
  levels.set(kept, 1);
  if (evidence.examples.length < KEPT_EXAMPLES) evidence.examples.push(kept.slice(0, 60));
}

/** Cells are slices of the text they were read from: a kept one would keep all of that text. */
const ownCopy = (text: string): string => ` ${text}`.slice(1);

function wordsIn(text: string): number {
  let words = 1;
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) words++;
  return words;
}
