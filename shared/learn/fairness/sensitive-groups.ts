import { type Column, MISSING_CODE } from '../../table/table.ts';

/** The group of rows that do not say which they belong to. */
export const MISSING_GROUP = 'missing';

/** Group of each row, by the value of its column: numbers as text, missing values a group of their own. */
export function groupsOf(column: Column): string[] {
  if (column.type === 'number') return Array.from(column.values, groupOfNumber);
  return Array.from(column.codes, (code) =>
    code === MISSING_CODE ? MISSING_GROUP : column.dictionary[code],
  );
}

const LEAST_DIGITS = 6;

/** The shortest text that is this float32. */
function groupOfNumber(value: number): string {
  if (Number.isNaN(value)) return MISSING_GROUP;
  let digits = LEAST_DIGITS;
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  return String(Number(value.toPrecision(digits)));
}
