import type { CategoryBlock, Matrix } from '../../prepare/matrix.ts';
import {
  type BinnedMatrix,
  binNumbers,
  type FeatureBins,
  MAX_BINS,
  SAMPLE_ROWS,
  thresholdsOf,
  toBinnedMatrix,
} from './binning.ts';

/** A binned matrix, and for each feature the first of the columns that it was made of. */
export type BinnedColumns = { matrix: BinnedMatrix; columns: Int32Array };

/**
 * Bins a prepared matrix: a column becomes a number feature, cut as `thresholdsOf` does; a one-hot
 * block becomes a category feature whose levels are its columns (one for each 255 of them), and its
 * rows of zeros have the bin after the last. A block that a step made something else of than zeros
 * and ones is taken as numbers. Cost: rows x columns, times log of `maxBins`.
 */
export function binMatrix(matrix: Matrix, maxBins: number = MAX_BINS): BinnedColumns {
  const features: FeatureBins[] = [];
  const codes: Uint8Array[] = [];
  const columns: number[] = [];
  const values = new Float32Array(matrix.rows);
  const scratch = new Float32Array(Math.min(matrix.rows, SAMPLE_ROWS));
  const addNumber = (column: number) => {
    copyColumn(matrix, column, values);
    const thresholds = thresholdsOf(values, scratch, maxBins);
    features.push({ type: 'number', thresholds });
    codes.push(binNumbers(values, thresholds));
    columns.push(column);
  };
  const blocks = blocksByStart(matrix);
  for (let column = 0; column < matrix.names.length; ) {
    const block = blocks.get(column);
    const levels = block ? Math.min(block.levels, MAX_BINS) : 1;
    const binned = block ? binBlock(matrix, { start: column, levels }) : null;
    if (binned === null) for (let i = 0; i < levels; i++) addNumber(column + i);
    else {
      features.push({ type: 'category', levels });
      codes.push(binned);
      columns.push(column);
    }
    column += levels;
  }
  return {
    matrix: toBinnedMatrix(matrix.rows, features, codes),
    columns: Int32Array.from(columns),
  };
}

/** Blocks of at most 255 levels, by their first column. */
function blocksByStart({ categories }: Matrix): Map<number, CategoryBlock> {
  const blocks = new Map<number, CategoryBlock>();
  for (const { start, levels } of categories)
    for (let from = 0; from < levels; from += MAX_BINS)
      blocks.set(start + from, { start: start + from, levels: levels - from });
  return blocks;
}

function copyColumn({ rows, names, data }: Matrix, column: number, into: Float32Array): void {
  const width = names.length;
  for (let row = 0; row < rows; row++) into[row] = data[row * width + column];
}

/** The level of each row; null where the block does not hold zeros and at most a 1 in each row. */
function binBlock(
  { rows, names, data }: Matrix,
  { start, levels }: CategoryBlock,
): Uint8Array | null {
  const codes = new Uint8Array(rows).fill(levels);
  for (let row = 0; row < rows; row++) {
    const at = row * names.length + start;
    for (let level = 0; level < levels; level++) {
      const value = data[at + level];
      if (value === 0) continue;
      if (value !== 1 || codes[row] !== levels) return null;
      codes[row] = level;
    }
  }
  return codes;
}
