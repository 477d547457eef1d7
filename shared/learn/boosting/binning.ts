import { type Encoding, encodingOf, levelsOf } from '../../prepare/encoding.ts';
import type { Table } from '../../table/table.ts';

/**
 * How one input is cut into at most 256 bins. A number's bin b holds thresholds[b-1] < x <=
 * thresholds[b]; its missing values have the bin after the last. A category's bin is its level;
 * values that are no level share the bin after the last, which no split singles out.
 */
export type FeatureBins =
  | { type: 'number'; thresholds: Float32Array }
  | { type: 'category'; levels: number };

/** The inputs of all rows as bin numbers: one byte a cell, one array [rows] per input. */
export type BinnedMatrix = {
  rows: number;
  features: FeatureBins[];
  codes: Uint8Array[];
  /** Where each feature's bins begin in a histogram; the last entry is the number of all bins. */
  offsets: Int32Array;
};

/** Bins of values; one more is kept for missing. */
export const MAX_BINS = 255;
/** More rows than this are sampled for their quantiles. */
export const SAMPLE_ROWS = 200_000;

/** Bins of a feature, the one for missing or other values included. */
export const binCount = (bins: FeatureBins): number =>
  bins.type === 'number' ? bins.thresholds.length + 2 : bins.levels + 1;

/**
 * Cuts number columns in float32: midway between each two distinct values when there are at most
 * 255, else at 254 quantiles, as scikit-learn's HistGradientBoosting (1.2) does (of 200,000 rows,
 * evenly spread, where there are more). Because thresholds and values are float32, a bin and the
 * exported comparison always agree.
 */
export function binTable(table: Table): { matrix: BinnedMatrix; encoding: Encoding } {
  const encoding = encodingOf(table);
  const features: FeatureBins[] = [];
  const codes: Uint8Array[] = [];
  const scratch = new Float32Array(Math.min(table.rows, SAMPLE_ROWS));
  for (const { name } of inputsInOrder(encoding)) {
    const column = table.columns.find((candidate) => candidate.name === name)!;
    if (column.type === 'number') {
      const thresholds = thresholdsOf(column.values, scratch);
      features.push({ type: 'number', thresholds });
      codes.push(binNumbers(column.values, thresholds));
    } else {
      const levels = encoding.categories.find((category) => category.name === name)!.levels;
      const kept = Math.min(levels.length, MAX_BINS);
      features.push({ type: 'category', levels: kept });
      codes.push(binCategories(levelsOf(column, levels), kept));
    }
  }
  return { matrix: toBinnedMatrix(table.rows, features, codes), encoding };
}

export function toBinnedMatrix(
  rows: number,
  features: FeatureBins[],
  codes: Uint8Array[],
): BinnedMatrix {
  const offsets = new Int32Array(features.length + 1);
  features.forEach((bins, f) => {
    offsets[f + 1] = offsets[f] + binCount(bins);
  });
  return { rows, features, codes, offsets };
}

/** The matrix of some features, in the order given; codes are shared. */
export function takeFeatures(matrix: BinnedMatrix, chosen: ArrayLike<number>): BinnedMatrix {
  const numbers = Array.from(chosen);
  return toBinnedMatrix(
    matrix.rows,
    numbers.map((f) => matrix.features[f]),
    numbers.map((f) => matrix.codes[f]),
  );
}

/** Inputs in the order of the encoded matrix: numbers, then categories. */
const inputsInOrder = (encoding: Encoding): { name: string }[] => [
  ...encoding.numbers.map((name) => ({ name })),
  ...encoding.categories,
];

/**
 * @param scratch room for the sample: as long as `values`, or SAMPLE_ROWS
 * @returns ascending float32 cuts, less than `maxBins`; empty for a constant or empty column
 */
export function thresholdsOf(
  values: Float32Array,
  scratch: Float32Array,
  maxBins = MAX_BINS,
): Float32Array {
  const stride = values.length / scratch.length;
  for (let i = 0; i < scratch.length; i++) scratch[i] = values[Math.floor(i * stride)];
  scratch.sort();
  let n = scratch.length;
  while (n > 0 && Number.isNaN(scratch[n - 1])) n--;
  const known = scratch.subarray(0, n);
  return countDistinct(known) <= maxBins ? cutsBetween(known) : cutsAtQuantiles(known, maxBins);
}

function cutsBetween(sorted: Float32Array): Float32Array {
  const cuts: number[] = [];
  for (let i = 1; i < sorted.length; i++)
    if (sorted[i] !== sorted[i - 1]) cuts.push(middle(sorted[i - 1], sorted[i]));
  return Float32Array.from(cuts);
}

/** Quantiles 1/bins .. (bins-1)/bins by the midpoint definition, each once. */
function cutsAtQuantiles(sorted: Float32Array, bins: number): Float32Array {
  const cuts: number[] = [];
  for (let i = 1; i < bins; i++) {
    const at = (i / bins) * (sorted.length - 1);
    const cut = middle(sorted[Math.floor(at)], sorted[Math.ceil(at)]);
    if (cuts.length === 0 || cut > cuts[cuts.length - 1]) cuts.push(cut);
  }
  return Float32Array.from(cuts);
}

function countDistinct(sorted: Float32Array): number {
  let distinct = sorted.length > 0 ? 1 : 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

/** A float32 t with low <= t < high (t = low where they are equal). */
function middle(low: number, high: number): number {
  const between = Math.fround(low + (high - low) / 2);
  return between < high ? between : low;
}

export function binNumbers(values: Float32Array, thresholds: Float32Array): Uint8Array {
  const codes = new Uint8Array(values.length);
  const missing = thresholds.length + 1;
  for (let i = 0; i < values.length; i++)
    codes[i] = Number.isNaN(values[i]) ? missing : binOf(thresholds, values[i]);
  return codes;
}

/** The first threshold that is not below x. */
function binOf(thresholds: Float32Array, x: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function binCategories(
  { codes, levelOf }: { codes: Int32Array; levelOf: Int32Array },
  levels: number,
): Uint8Array {
  return Uint8Array.from(codes, (code) => {
    const level = levelOf[code + 1];
    return level < 0 || level >= levels ? levels : level;
  });
}
