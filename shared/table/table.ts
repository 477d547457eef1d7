import type { DateOrder, TimePart } from './time-part.ts';

/** What a table needs to know of a declared input; a use case's inputs fit as they are. */
export type ColumnSpec =
  | {
      readonly name: string;
      readonly type: 'number';
      readonly missing: 'reject' | 'impute';
      /** Where this number is a part of the points in time that another column of a file holds. */
      readonly time?: {
        readonly column: string;
        readonly part: TimePart;
        /** Default: the year. */
        readonly order?: DateOrder;
      };
    }
  | {
      readonly name: string;
      readonly type: 'category';
      readonly missing: 'reject' | 'impute';
      readonly categories: readonly { readonly value: string }[];
    };

/** Float32, because that is what a model's graph is given. Missing is NaN. */
export type NumberColumn = { type: 'number'; name: string; values: Float32Array };

/**
 * Codes into `dictionary`: the `declared` categories first, then others in order of appearance.
 * Missing is -1.
 */
export type CategoryColumn = {
  type: 'category';
  name: string;
  dictionary: string[];
  declared: number;
  codes: Int32Array;
};

export type Column = NumberColumn | CategoryColumn;

/** Columns of inputs in declared order, and the target. Row i is the i-th entry of each array. */
export type Table = {
  rows: number;
  columns: Column[];
  target: Float64Array;
  /** What the rows are in time order by; null when the declaration names no such column. */
  order: Float64Array | null;
};

export const MISSING_CODE = -1;

/** Row `index` as a model's caller would send it: null where missing. */
export function rowAt(table: Table, index: number): Record<string, number | string | null> {
  const row: Record<string, number | string | null> = {};
  for (const column of table.columns) row[column.name] = valueAt(column, index);
  return row;
}

/** One cell: null where missing. */
export function valueAt(column: Column, index: number): number | string | null {
  if (column.type === 'category') {
    const code = column.codes[index];
    return code === MISSING_CODE ? null : column.dictionary[code];
  }
  const value = column.values[index];
  return Number.isNaN(value) ? null : value;
}

/** A table of the rows named by `indices`, in that order. Dictionaries are shared. */
export function takeRows(table: Table, indices: ArrayLike<number>): Table {
  return {
    rows: indices.length,
    columns: table.columns.map((column) => takeColumn(column, indices)),
    target: gather(table.target, indices, new Float64Array(indices.length)),
    order: table.order && gather(table.order, indices, new Float64Array(indices.length)),
  };
}

function takeColumn(column: Column, indices: ArrayLike<number>): Column {
  return column.type === 'number'
    ? { ...column, values: gather(column.values, indices, new Float32Array(indices.length)) }
    : { ...column, codes: gather(column.codes, indices, new Int32Array(indices.length)) };
}

function gather<T extends Float32Array | Float64Array | Int32Array>(
  from: T,
  indices: ArrayLike<number>,
  into: T,
): T {
  for (let i = 0; i < indices.length; i++) into[i] = from[indices[i]];
  return into;
}
