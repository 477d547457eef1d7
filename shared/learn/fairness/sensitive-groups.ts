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

/** Groups by several columns: the values joined. */
export const jointGroup = (values: readonly string[]): string => values.join(',');

/** Group of each row by all of these columns together. @param columns at least one */
export function jointGroupsOf(columns: readonly Column[]): string[] {
  const parts = columns.map(groupsOf);
  return parts[0].map((_, row) => jointGroup(parts.map((part) => part[row])));
}

const LEAST_DIGITS = 6;

/** The shortest text that is this float32. */
function groupOfNumber(value: number): string {
  if (Number.isNaN(value)) return MISSING_GROUP;
  let digits = LEAST_DIGITS;
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  return String(Number(value.toPrecision(digits)));
}
