import type { CategoryColumn, Column, ColumnSpec, NumberColumn, Table } from './table.ts';
import { MISSING_CODE } from './table.ts';

export type TableBuilder = {
  /** Starts the next row with everything missing. */
  begin(): void;
  /** Sets a number of the row in progress; NaN is missing. @param column index of the spec */
  setNumber(column: number, value: number): void;
  /** Sets a category of the row in progress; '' is missing. */
  setCategory(column: number, value: string): void;
  /** Keeps the row in progress. */
  commit(target: number, order: number): void;
  build(): Table;
};

type Growing = { column: Column; codeOf: Map<string, number> };

const FIRST_CAPACITY = 1024;

/**
 * Builds a table row by row into typed arrays that double: no object is kept per row.
 * @param options capacity: rows that are expected; where it is right, nothing is copied
 */
export function createTableBuilder(
  specs: readonly ColumnSpec[],
  { isOrdered = false, capacity = FIRST_CAPACITY } = {},
): TableBuilder {
  let rows = 0;
  let target = new Float64Array(Math.max(1, capacity));
  let order = new Float64Array(isOrdered ? target.length : 0);
  const growing = specs.map((spec) => emptyColumn(spec, target.length));
  const grow = () => {
    target = doubled(target, new Float64Array(target.length * 2));
    order = doubled(order, new Float64Array(order.length * 2));
    for (const { column } of growing) growColumn(column, target.length);
  };
  return {
    begin() {
      if (rows === target.length) grow();
      for (const { column } of growing) clear(column, rows);
    },
    setNumber(index, value) {
      (growing[index].column as NumberColumn).values[rows] = value;
    },
    setCategory(index, value) {
      const { column, codeOf } = growing[index];
      (column as CategoryColumn).codes[rows] = codeFor(column as CategoryColumn, codeOf, value);
    },
    commit(targetValue, orderValue) {
      target[rows] = targetValue;
      if (isOrdered) order[rows] = orderValue;
      rows++;
    },
    build: () => ({
      rows,
      columns: growing.map(({ column }) => trimmed(column, rows)),
      target: first(target, rows),
      order: isOrdered ? first(order, rows) : null,
    }),
  };
}

function emptyColumn(spec: ColumnSpec, capacity: number): Growing {
  if (spec.type === 'number') {
    const values = new Float32Array(capacity);
    return { column: { type: 'number', name: spec.name, values }, codeOf: new Map() };
  }
  const dictionary = spec.categories.map((category) => category.value);
  return {
    column: {
      type: 'category',
      name: spec.name,
      dictionary,
      declared: dictionary.length,
      codes: new Int32Array(capacity),
    },
    codeOf: new Map(dictionary.map((value, code) => [value, code])),
  };
}

function growColumn(column: Column, capacity: number): void {
  if (column.type === 'number') column.values = doubled(column.values, new Float32Array(capacity));
  else column.codes = doubled(column.codes, new Int32Array(capacity));
}

function codeFor(column: CategoryColumn, codeOf: Map<string, number>, value: string): number {
  if (value === '') return MISSING_CODE;
  const known = codeOf.get(value);
  if (known !== undefined) return known;
  codeOf.set(value, column.dictionary.length);
  return column.dictionary.push(value) - 1;
}

function clear(column: Column, row: number): void {
  if (column.type === 'number') column.values[row] = Number.NaN;
  else column.codes[row] = MISSING_CODE;
}

const trimmed = (column: Column, rows: number): Column =>
  column.type === 'number'
    ? { ...column, values: first(column.values, rows) }
    : { ...column, codes: first(column.codes, rows) };

/** The first entries; the array itself where these are all. */
const first = <T extends Float32Array | Float64Array | Int32Array>(array: T, rows: number): T =>
  (array.length === rows ? array : array.slice(0, rows)) as T;

function doubled<T extends Float32Array | Float64Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
