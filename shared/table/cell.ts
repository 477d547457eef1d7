/** Does this stand for a missing value in any column: empty, `NA` or `?`? */
export const isMissingMark = (text: string): boolean =>
  text.length <= 2 && (text === '' || text === 'NA' || text === '?');

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const MISSING_WORD =
  /^(?:[+-]?nan|null|none|nil|#?na|<na>|#?n\/a|#n\/a n\/a|-?1\.#(?:ind|qnan)|-+|\.)$/i;
const BOOLEAN = /^(?:true|false|yes|no|t|f|y|n)$/i;

/** Is this text a number? Infinities are not. */
export const isNumberText = (text: string): boolean => NUMBER.test(text);

/** `inf`, `Infinity` and the like, with a sign or without. */
export const isInfiniteText = (text: string): boolean => INFINITE.test(text);

/**
 * What other programs write for a missing number (`nan`, `null`, `-`, ...). Only in a column of
 * numbers: among categories "None" may well be one.
 */
export const isMissingWord = (text: string): boolean => MISSING_WORD.test(text);

/** `yes`, `False`, `t` and the like; 0 and 1 are numbers. */
export const isBooleanText = (text: string): boolean => BOOLEAN.test(text);

/** Float32 holds the difference of any two numbers up to this magnitude. */
const GREATEST_NUMBER = 1e38;

/** A finite number of at most 1e38 in magnitude, or null. */
export function parseNumber(text: string): number | null {
  if (!NUMBER.test(text)) return null;
  const value = Number(text);
  return Math.abs(value) <= GREATEST_NUMBER ? value : null;
}

/** What a cell that `parseNumber` does not take should have been. */
export const numberExpectation = (text: string): string =>
  isNumberText(text) && Number.isFinite(Number(text))
    ? `a number of at most ${GREATEST_NUMBER} in magnitude`
    : 'a finite number';
