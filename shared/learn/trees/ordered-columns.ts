import type { Matrix } from '../../prepare/matrix.ts';

/** A matrix made ready to grow many trees on: columns one by one, each sorted once. */
export type OrderedColumns = {
  rows: number;
  /** Row-major [rows, columns], where a row's values are neighbours. */
  data: Float32Array;
  /** By column: [rows]. */
  values: Float32Array[];
  /** By column: whether a value is missing. */
  hasMissing: boolean[];
  /** By column: rows in ascending order of value, missing last; null where `levels` is given. */
  orders: (Int32Array | null)[];
  /** By column of at most FEW distinct values: the level of each row, and how many levels there are. */
  levels: (Levels | null)[];
};

/** Levels ascend with the values; a missing value has the level after the last. */
export type Levels = { of: Uint8Array; count: number };

/** A column of so few values is counted at each node: cheaper than to keep it sorted. */
const FEW = 32;

/** Cost: rows x columns x log rows. */
export function orderColumns({ rows, names, data }: Matrix): OrderedColumns {
  const width = names.length;
  const columns: OrderedColumns = {
    rows,
    data,
    values: [],
    hasMissing: [],
    orders: [],
    levels: [],
  };
  for (let column = 0; column < width; column++) {
    const values = new Float32Array(rows);
    for (let row = 0; row < rows; row++) values[row] = data[row * width + column];
    const levels = levelsOf(values);
    columns.values.push(values);
    columns.hasMissing.push(values.some(Number.isNaN));
    columns.orders.push(levels === null ? sortedRows(values) : null);
    columns.levels.push(levels);
  }
  return columns;
}

/** As many as fit into a float64 beside 32 bits of a value. */
const MOST_PACKED_ROWS = 2_000_000;

/** Rows by ascending value, equal ones by row, missing last. */
export function sortedRows(values: Float32Array): Int32Array {
  const n = values.length;
  if (n > MOST_PACKED_ROWS) return compareRows(values);
  const bits = new Int32Array(Float32Array.from(values, (value) => value + 0).buffer);
  // Float32 bits in unsigned order, then the row.
  const keys = new Float64Array(n);
  const span = n + 1;
  for (let row = 0; row < n; row++) {
    const key = Number.isNaN(values[row]) ? 0xffffffff : unsignedKey(bits[row]);
    keys[row] = key * span + row;
  }
  keys.sort();
  return Int32Array.from(keys, (key) => key % span);
}

/** The same order by comparisons: ten times as long. */
export function compareRows(values: Float32Array): Int32Array {
  const keyOf = (row: number) =>
    Number.isNaN(values[row]) ? Number.POSITIVE_INFINITY : values[row];
  return Int32Array.from({ length: values.length }, (_, row) => row).sort((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    return x < y ? -1 : x > y ? 1 : a - b;
  });
}

const unsignedKey = (bits: number): number => (bits < 0 ? ~bits : bits | 0x80000000) >>> 0;

/** Null where there are more than FEW different known values. */
function levelsOf(values: Float32Array): Levels | null {
  const distinct: number[] = [];
  let hasMissing = false;
  let before = Number.NaN;
  for (const value of values) {
    if (value === before) continue;
    before = value;
    if (Number.isNaN(value)) hasMissing = true;
    else if (!distinct.includes(value) && distinct.push(value) > FEW) return null;
  }
  const ascending = Float32Array.from(distinct).sort();
  const of = Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? ascending.length : ascending.indexOf(value),
  );
  return { of, count: ascending.length + (hasMissing ? 1 : 0) };
}
