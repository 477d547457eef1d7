import type { BinnedColumns } from '../boosting/bin-matrix.ts';
import { binCount } from '../boosting/binning.ts';

/**
 * What a model adds up: a value by bin of one feature, or by cell of two. Positions are the order
 * that steps may part: for a number missing first, then upwards; for a category none of its own.
 */
export type Term = {
  /** One feature, or two. */
  features: number[];
  /** By table row, where in `values` its value is: at most 256 positions or cells. */
  cells: Uint8Array;
  /** Positions of each feature. */
  sizes: number[];
  /** By feature, position of each bin. */
  positionOfBin: Uint8Array[];
  /** Row-major by position. */
  values: Float64Array;
  /** Positions of one category, to be ordered anew at each step. */
  isNominal: boolean;
};

/** Most positions of a feature in a pair: 16 x 16 cells are numbered by a byte. */
export const PAIR_POSITIONS = 16;

/** A term of one feature. */
export function mainTerm({ matrix }: BinnedColumns, feature: number): Term {
  const bins = matrix.features[feature];
  const size = binCount(bins);
  const order = Uint8Array.from({ length: size }, (_, bin) => bin);
  if (bins.type === 'number') for (let bin = 0; bin < size; bin++) order[bin] = (bin + 1) % size;
  return {
    features: [feature],
    cells: matrix.codes[feature].map((bin) => order[bin]),
    sizes: [size],
    positionOfBin: [order],
    values: new Float64Array(size),
    isNominal: bins.type === 'category',
  };
}

/** A feature's bins put together to at most 16 positions. */
export type CoarseFeature = {
  feature: number;
  size: number;
  positionOfBin: Uint8Array;
  positions: Uint8Array;
};

/**
 * Neighbouring bins are put together to positions of about equal count; a number's missing values
 * come first, on their own. A category's levels are ordered by their mean target before.
 * @param target by table row
 */
export function coarsen(
  { matrix }: BinnedColumns,
  feature: number,
  target: Float64Array,
): CoarseFeature {
  const bins = matrix.features[feature];
  const codes = matrix.codes[feature];
  const size = binCount(bins);
  const counts = new Float64Array(size);
  const sums = new Float64Array(size);
  for (let row = 0; row < matrix.rows; row++) {
    counts[codes[row]]++;
    sums[codes[row]] += target[row];
  }
  const mean = (bin: number) => (counts[bin] > 0 ? sums[bin] / counts[bin] : 0);
  const order = Array.from(counts.keys());
  const missing = bins.type === 'number' ? order.pop() : undefined;
  if (bins.type === 'category') order.sort((a, b) => mean(a) - mean(b) || a - b);
  const positionOfBin = new Uint8Array(size);
  const first = missing === undefined ? 0 : 1;
  const most = PAIR_POSITIONS - first;
  const rows = order.reduce((sum, bin) => sum + counts[bin], 0);
  let position = first;
  let passed = 0;
  order.forEach((bin, i) => {
    positionOfBin[bin] = position;
    passed += counts[bin];
    const isFull = order.length <= most || passed >= ((position - first + 1) * rows) / most;
    if (isFull && i < order.length - 1 && position < PAIR_POSITIONS - 1) position++;
  });
  const positions = codes.map((bin) => positionOfBin[bin]);
  return { feature, size: position + 1, positionOfBin, positions };
}

/** A term of two features. */
export const pairTerm = (a: CoarseFeature, b: CoarseFeature): Term => ({
  features: [a.feature, b.feature],
  cells: a.positions.map((position, row) => position * b.size + b.positions[row]),
  sizes: [a.size, b.size],
  positionOfBin: [a.positionOfBin, b.positionOfBin],
  values: new Float64Array(a.size * b.size),
  isNominal: false,
});
