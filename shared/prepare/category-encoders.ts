import { murmur3 } from '../core/murmur3.ts';
import { shuffle } from '../core/rng.ts';
import { utf8 } from '../core/utf8.ts';
import type { CategoryColumn } from '../table/table.ts';
import { type CategoryEncoding, type Lookup, levelsOf, MISSING_LEVEL } from './encoding.ts';
import type { PreparationData } from './preparation-data.ts';

/**
 * How a category becomes numbers. `one-hot`: a 0/1 column per level. `ordinal`: the level's number.
 * `frequency`: the level's share of the rows. `target`: the mean target of its rows, drawn towards
 * that of all (one column per class but the first of several). `hashing`: 16 signed columns.
 */
export type CategoryMethod = 'one-hot' | 'ordinal' | 'frequency' | 'target' | 'hashing';

const HASH_COLUMNS = 16;
/** Rows of the overall mean that each level's mean is mixed with (m of the m-estimate). */
const PRIOR_ROWS = 10;
const CROSS_FIT_FOLDS = 5;

/** Levels of a category: the declared values in order, then the missing one. */
const declaredLevels = ({ dictionary, declared }: CategoryColumn): string[] => [
  ...dictionary.slice(0, declared),
  MISSING_LEVEL,
];

/** Fits one category's encoding; a value that is no level gets what is neutral to the method. */
export function fitCategory(
  column: CategoryColumn,
  method: CategoryMethod,
  data: PreparationData,
): CategoryEncoding {
  const { name } = column;
  const levels = declaredLevels(column);
  switch (method) {
    case 'one-hot':
      return { name, levels };
    case 'ordinal':
      return { name, levels, lookup: perLevel(levels, (_, i) => i, -1) };
    case 'frequency': {
      const counts = levelCounts(column, levels);
      const lookup = perLevel(levels, (_, i) => counts[i] / Math.max(1, data.table.rows), 0);
      return { name, levels, lookup };
    }
    case 'target':
      return {
        name,
        levels,
        lookup: targetMeans(column, { levels, data, isIncluded: () => true }),
      };
    case 'hashing':
      return { name, levels, lookup: hashed(levels) };
  }
}

function perLevel(
  levels: readonly string[],
  numberOf: (level: string, i: number) => number,
  otherwise: number,
): Lookup {
  return { columns: 1, values: Float32Array.from([...levels.map(numberOf), otherwise]) };
}

/** Rows by level; the last entry counts the values that are no level. */
function levelCounts(column: CategoryColumn, levels: readonly string[]): Float64Array {
  const { codes, levelOf } = levelsOf(column, levels);
  const counts = new Float64Array(levels.length + 1);
  for (const code of codes) counts[levelIndex(levelOf[code + 1], levels)]++;
  return counts;
}

const levelIndex = (level: number, levels: readonly string[]): number =>
  level < 0 ? levels.length : level;

/** Feature hashing (Weinberger et al. 2009) of the known levels: one signed 1 in 16 columns. */
function hashed(levels: readonly string[]): Lookup {
  const values = new Float32Array((levels.length + 1) * HASH_COLUMNS);
  levels.forEach((level, i) => {
    const hash = murmur3(utf8(level));
    values[i * HASH_COLUMNS + (hash % HASH_COLUMNS)] = hash >>> 31 === 1 ? -1 : 1;
  });
  return { columns: HASH_COLUMNS, values };
}

/** Columns of a target encoding. */
const targetColumns = (classes: number): number => Math.max(1, classes - 1);

type TargetMeans = {
  levels: readonly string[];
  data: PreparationData;
  isIncluded: (row: number) => boolean;
};

/** Smoothed means by level (Micci-Barreca 2001, with the m-estimate); others get the overall mean. */
function targetMeans(column: CategoryColumn, { levels, data, isIncluded }: TargetMeans): Lookup {
  const { target, classes, table } = data;
  const columns = targetColumns(classes);
  const { codes, levelOf } = levelsOf(column, levels);
  const sums = new Float64Array((levels.length + 1) * columns);
  const counts = new Float64Array(levels.length + 1);
  const totals = new Float64Array(columns);
  let rows = 0;
  for (let row = 0; row < table.rows; row++) {
    if (!isIncluded(row)) continue;
    const level = levelIndex(levelOf[codes[row] + 1], levels);
    rows++;
    counts[level]++;
    for (let k = 0; k < columns; k++) {
      const value = targetValue(target[row], k, classes);
      sums[level * columns + k] += value;
      totals[k] += value;
    }
  }
  const values = Float32Array.from(sums, (sum, at) => {
    const prior = totals[at % columns] / Math.max(1, rows);
    const count = counts[Math.floor(at / columns)];
    return (sum + PRIOR_ROWS * prior) / (count + PRIOR_ROWS);
  });
  for (let k = 0; k < columns; k++)
    values[levels.length * columns + k] = totals[k] / Math.max(1, rows);
  return { columns, values };
}

const targetValue = (target: number, k: number, classes: number): number =>
  classes === 0 ? target : target === k + 1 ? 1 : 0;

/**
 * What the training rows get in a target encoding's columns: means over the other folds' rows, so
 * that no row sees its own target (cross-fitting, as scikit-learn 1.3's TargetEncoder).
 * @returns row-major [rows, columns]
 */
export function crossFittedMeans(column: CategoryColumn, data: PreparationData): Float32Array {
  const { rows } = data.table;
  const foldOf = shuffle(
    Uint8Array.from({ length: rows }, (_, row) => row % CROSS_FIT_FOLDS),
    data.rng,
  );
  const levels = declaredLevels(column);
  const { codes, levelOf } = levelsOf(column, levels);
  const columns = targetColumns(data.classes);
  const into = new Float32Array(rows * columns);
  for (let fold = 0; fold < CROSS_FIT_FOLDS; fold++) {
    const isIncluded = (row: number) => foldOf[row] !== fold;
    const { values } = targetMeans(column, { levels, data, isIncluded });
    for (let row = 0; row < rows; row++) {
      if (foldOf[row] !== fold) continue;
      const level = levelIndex(levelOf[codes[row] + 1], levels);
      for (let k = 0; k < columns; k++) into[row * columns + k] = values[level * columns + k];
    }
  }
  return into;
}
