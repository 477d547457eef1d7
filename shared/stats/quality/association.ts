import { sortedSample } from '../tests/sorted-sample.ts';
import type { ColumnValues, TableValues } from './column-values.ts';
import { lowerBound } from './sorted-search.ts';

/** Two columns that say almost the same. */
export type ColumnPair = {
  a: string;
  b: string;
  /** Pearson's, the same of ranks, or the least share of the other column's entropy that one explains. */
  method: 'pearson' | 'spearman' | 'uncertainty';
  /** From -1 to 1; of `uncertainty` from 0 to 1. */
  value: number;
  /** Rows in which both are present. */
  rows: number;
};

/** The strongest pairs of a table, and how many there are in all. */
export type AssociatedPairs = { pairs: ColumnPair[]; count: number };

const KEPT_PAIRS = 200;
/** Columns of texts with more different ones than this are not compared. */
const MOST_LEVELS = 200;
const FEWEST_ROWS = 20;
/** Multiply-adds that the comparison may take; with more, rows are left out. */
const MOST_WORK = 20_000_000;

/**
 * Every pair of columns of one kind that is associated at least that much: numbers by the larger of
 * Pearson's and Spearman's coefficient (ranks within each column, ties averaged), texts by the
 * uncertainty coefficient in the weaker direction: 1 where each text goes with one of the other.
 * Rows with a missing value in either are left out, pairs with fewer than 20 rows too, and constant
 * columns. Cost: columns squared x rows, of which few enough are looked at.
 * Source: Theil 1970 for the uncertainty coefficient. Reference: pandas 1.5 corr.
 */
export function associatedPairs(
  names: readonly string[],
  table: TableValues,
  least: number,
): AssociatedPairs {
  const { columns } = table;
  const numbers = columns.flatMap((column, i) => (column.type === 'number' ? [i] : []));
  const texts = columns.flatMap((column, i) => (isComparedText(column) ? [i] : []));
  const pairs = (numbers.length ** 2 + texts.length ** 2) / 2;
  const step = Math.max(1, Math.ceil((pairs * table.rows) / MOST_WORK));
  const found: ColumnPair[] = [];
  const add = (i: number, j: number, pair: Omit<ColumnPair, 'a' | 'b'> | null) => {
    if (pair !== null && Math.abs(pair.value) >= least)
      found.push({ a: names[i], b: names[j], ...pair });
  };
  const plain = numbers.map((i) => everyNth(columns[i], step));
  const ranked = plain.map(ranks);
  numbers.forEach((i, at) => {
    for (let to = at + 1; to < numbers.length; to++)
      add(
        i,
        numbers[to],
        stronger(correlation(plain[at], plain[to]), correlation(ranked[at], ranked[to])),
      );
  });
  texts.forEach((i, at) => {
    for (const j of texts.slice(at + 1)) add(i, j, uncertainty(columns[i], columns[j], step));
  });
  const strongest = found.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return { pairs: strongest.slice(0, KEPT_PAIRS), count: found.length };
}

const isComparedText = (column: ColumnValues): boolean =>
  column.type === 'text' && column.levels.length > 1 && column.levels.length <= MOST_LEVELS;

function everyNth(column: ColumnValues, step: number): Float64Array {
  if (column.type !== 'number') return new Float64Array();
  return step === 1 ? column.values : column.values.filter((_, row) => row % step === 0);
}

function stronger(
  pearson: { value: number; rows: number } | null,
  spearman: { value: number; rows: number } | null,
): Omit<ColumnPair, 'a' | 'b'> | null {
  if (pearson === null || spearman === null) return null;
  return Math.abs(spearman.value) > Math.abs(pearson.value)
    ? { method: 'spearman', ...spearman }
    : { method: 'pearson', ...pearson };
}

/** Pearson's coefficient of the rows that have both; null where either is constant there. */
export function correlation(
  a: Float64Array,
  b: Float64Array,
): { value: number; rows: number } | null {
  let rows = 0;
  let meanA = 0;
  let meanB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let row = 0; row < a.length; row++) {
    if (Number.isNaN(a[row] + b[row])) continue;
    rows++;
    const fromA = a[row] - meanA;
    const fromB = b[row] - meanB;
    meanA += fromA / rows;
    meanB += fromB / rows;
    squaresA += fromA * (a[row] - meanA);
    squaresB += fromB * (b[row] - meanB);
    products += fromA * (b[row] - meanB);
  }
  const scale = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  if (rows < FEWEST_ROWS || !(scale > 0)) return null;
  return { value: Math.max(-1, Math.min(1, products / scale)), rows };
}

/** Ranks of finite numbers from 1, ties averaged; what is not finite is NaN. */
export function ranks(values: Float64Array): Float64Array {
  const sorted = sortedSample(values);
  // Where the run of equal values that starts at an index ends.
  const runEnds = new Uint32Array(sorted.length);
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    runEnds[from] = to;
    from = to;
  }
  const ranked = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    if (!Number.isFinite(values[row])) {
      ranked[row] = Number.NaN;
      continue;
    }
    const from = lowerBound(sorted, values[row]);
    ranked[row] = (from + 1 + runEnds[from]) / 2;
  }
  return ranked;
}

function uncertainty(
  a: ColumnValues,
  b: ColumnValues,
  step: number,
): Omit<ColumnPair, 'a' | 'b'> | null {
  if (a.type !== 'text' || b.type !== 'text') return null;
  const width = b.levels.length;
  const joint = new Float64Array(a.levels.length * width);
  const inA = new Float64Array(a.levels.length);
  const inB = new Float64Array(width);
  let rows = 0;
  for (let row = 0; row < a.codes.length; row += step) {
    if (a.codes[row] < 0 || b.codes[row] < 0) continue;
    joint[a.codes[row] * width + b.codes[row]]++;
    inA[a.codes[row]]++;
    inB[b.codes[row]]++;
    rows++;
  }
  const [ofA, ofB] = [entropy(inA, rows), entropy(inB, rows)];
  if (rows < FEWEST_ROWS || ofA === 0 || ofB === 0) return null;
  const shared = ofA + ofB - entropy(joint, rows);
  return { method: 'uncertainty', value: Math.min(1, shared / Math.max(ofA, ofB)), rows };
}

/** In nats. */
function entropy(counts: Float64Array, total: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / total) * Math.log(count / total);
  return sum;
}
