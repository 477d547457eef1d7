import type { Column, Table } from '../table/table.ts';

/**
 * How inputs become the columns of a model's matrix: number inputs first, in declared order, then
 * one block of 0/1 columns per category input. A value that is no level gives a block of zeros.
 */
export type Encoding = {
  /** They reach the steps as they are, NaN where missing. */
  numbers: string[];
  categories: CategoryEncoding[];
};

export type CategoryEncoding = {
  name: string;
  levels: string[];
  /** Absent: one-hot. */
  lookup?: Lookup;
};

/** A category as numbers: row-major [levels + 1, columns]; the last row is for what is no level. */
export type Lookup = { columns: number; values: Float32Array };

/** The level of a missing category: '' is what the graph is given for it. */
export const MISSING_LEVEL = '';

/** Levels of a category: the declared values in order, then the missing one. */
export function encodingOf(table: Pick<Table, 'columns'>): Encoding {
  const numbers: string[] = [];
  const categories: Encoding['categories'] = [];
  for (const column of table.columns) {
    if (column.type === 'number') numbers.push(column.name);
    else
      categories.push({
        name: column.name,
        levels: [...column.dictionary.slice(0, column.declared), MISSING_LEVEL],
      });
  }
  return { numbers, categories };
}

/** Columns of the encoded matrix. */
export const encodedWidth = ({ numbers, categories }: Encoding): number =>
  categories.reduce((sum, category) => sum + categoryWidth(category), numbers.length);

/** Columns that a category becomes. */
export const categoryWidth = ({ levels, lookup }: CategoryEncoding): number =>
  lookup?.columns ?? levels.length;

/** Which rows to encode, and where to. */
export type EncodeBlock = {
  /** Row numbers of the table; null: all rows as they stand. */
  order: Uint32Array | null;
  /** The entries of `order` from `from` to before `to`. */
  from: number;
  to: number;
  /** Row-major float32 [to - from, encodedWidth]; every cell is written. */
  into: Float32Array;
};

/** Encodes a block of a table's rows. Cost: rows x columns. */
export function encodeRows(encoding: Encoding, table: Table, block: EncodeBlock): void {
  const width = encodedWidth(encoding);
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const { order, from, to, into } = block;
  const rowOf = (i: number) => (order === null ? from + i : order[from + i]);
  into.fill(0, 0, (to - from) * width);
  encoding.numbers.forEach((name, at) => {
    const values = numbersOf(byName.get(name));
    for (let i = 0; i < to - from; i++) into[i * width + at] = values[rowOf(i)];
  });
  let offset = encoding.numbers.length;
  for (const category of encoding.categories) {
    const { name, levels, lookup } = category;
    const { codes, levelOf } = levelsOf(byName.get(name), levels);
    for (let i = 0; i < to - from; i++) {
      const level = levelOf[codes[rowOf(i)] + 1];
      if (lookup !== undefined) writeLookup(lookup, level, into.subarray(i * width + offset));
      else if (level >= 0) into[i * width + offset + level] = 1;
    }
    offset += categoryWidth(category);
  }
}

function writeLookup({ columns, values }: Lookup, level: number, into: Float32Array): void {
  const row = level < 0 ? values.length / columns - 1 : level;
  for (let j = 0; j < columns; j++) into[j] = values[row * columns + j];
}

/** Level of each code + 1 (so that missing, -1, comes first); -1 where a code is no level. */
export function levelsOf(
  column: Column | undefined,
  levels: readonly string[],
): { codes: Int32Array; levelOf: Int32Array } {
  if (column?.type !== 'category') throw new Error('Broken invariant: expected a category column');
  const numberOf = new Map<string, number>();
  for (let i = levels.length - 1; i >= 0; i--) numberOf.set(levels[i], i);
  const levelOf = new Int32Array(column.dictionary.length + 1);
  levelOf[0] = numberOf.get(MISSING_LEVEL) ?? -1;
  column.dictionary.forEach((value, code) => {
    levelOf[code + 1] = numberOf.get(value) ?? -1;
  });
  return { codes: column.codes, levelOf };
}

function numbersOf(column: Column | undefined): Float32Array {
  if (column?.type !== 'number') throw new Error('Broken invariant: expected a number column');
  return column.values;
}
