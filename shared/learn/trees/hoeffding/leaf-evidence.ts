import { log } from '../../../core/portable-math.ts';

/**
 * What a leaf has seen, in channels that add up: classification, the weight of each class;
 * regression, the sums of weight, weight x target and weight x target^2.
 */
export type LeafEvidence = {
  /** Of the answer: what was inherited at the split, and what came since. */
  totals: Float64Array;
  /** Row-major [bins of all columns, channels]: what came since. */
  bins: Float64Array;
  /** Weight since it was a leaf, and since a split was last looked for. */
  seen: number;
  sinceLook: number;
  /** Columns that may split it; null: all. */
  columns: Int32Array | null;
};

/** Where each column's bins begin; the last entry is the number of all bins. */
export type BinLayout = { starts: Int32Array; channels: number; isRegression: boolean };

/** The best cut of a column: bins up to `bin` go left. */
export type CandidateCut = {
  column: number;
  bin: number;
  /** Bits of entropy, or share of the standard deviation, that it removes. */
  merit: number;
  missingLeft: boolean;
  left: Float64Array;
  right: Float64Array;
};

/** The best cut of each column, best first; the last bin of a column is for what is missing. */
export function rankCuts(evidence: LeafEvidence, layout: BinLayout): CandidateCut[] {
  const { starts } = layout;
  const columns = evidence.columns ?? Int32Array.from({ length: starts.length - 1 }, (_, j) => j);
  const cuts: CandidateCut[] = [];
  for (const column of columns) {
    const cut = bestCut(evidence, layout, column);
    if (cut !== null) cuts.push(cut);
  }
  return cuts.sort((a, b) => b.merit - a.merit || a.column - b.column);
}

/** A leaf of one class, or whose targets are all alike, needs no split. */
export const isPure = (sums: Float64Array, isRegression: boolean): boolean =>
  isRegression ? deviationOf(sums) === 0 : sums.filter((weight) => weight > 0).length < 2;

function bestCut(
  { bins }: LeafEvidence,
  { starts, channels, isRegression }: BinLayout,
  column: number,
): CandidateCut | null {
  const from = starts[column];
  const missing = starts[column + 1] - 1;
  const total = sumBins(bins, { from, to: missing + 1, channels });
  const absent = sumBins(bins, { from: missing, to: missing + 1, channels });
  const left = new Float64Array(channels);
  const right = new Float64Array(channels);
  const whole = impurityOf(total, isRegression);
  let best: CandidateCut | null = null;
  for (let bin = from; bin + 1 < missing; bin++) {
    for (let c = 0; c < channels; c++) {
      left[c] += bins[bin * channels + c];
      right[c] = total[c] - left[c] - absent[c];
    }
    const missingLeft = weightOf(left, isRegression) >= weightOf(right, isRegression);
    const sides = [left.slice(), right.slice()];
    for (let c = 0; c < channels; c++) sides[missingLeft ? 0 : 1][c] += absent[c];
    const merit = meritOf({ sides, total, whole, isRegression });
    if (merit > (best?.merit ?? 0))
      best = { column, bin: bin - from, merit, missingLeft, left: sides[0], right: sides[1] };
  }
  return best;
}

type Weighed = { sides: Float64Array[]; total: Float64Array; whole: number; isRegression: boolean };

function meritOf({ sides, total, whole, isRegression }: Weighed): number {
  const weight = weightOf(total, isRegression);
  let left = 0;
  for (const side of sides) {
    const own = weightOf(side, isRegression);
    if (!(own > 0)) return 0;
    left += (own / weight) * impurityOf(side, isRegression);
  }
  return isRegression ? (whole > 0 ? (whole - left) / whole : 0) : whole - left;
}

export const weightOf = (sums: Float64Array, isRegression: boolean): number => {
  if (isRegression) return sums[0];
  let weight = 0;
  for (let k = 0; k < sums.length; k++) weight += sums[k];
  return weight;
};

/** Entropy in bits, or standard deviation. */
const impurityOf = (sums: Float64Array, isRegression: boolean): number =>
  isRegression ? deviationOf(sums) : entropyOf(sums);

function deviationOf([weight, sum, squares]: Float64Array): number {
  if (!(weight > 0)) return 0;
  const variance = squares / weight - (sum / weight) * (sum / weight);
  // Below this the difference is rounding.
  return variance > 1e-12 * (squares / weight) ? Math.sqrt(variance) : 0;
}

function entropyOf(weights: Float64Array): number {
  const total = weightOf(weights, false);
  let bits = 0;
  for (let k = 0; k < weights.length; k++) {
    const share = weights[k] / total;
    if (share > 0) bits -= share * log(share) * Math.LOG2E;
  }
  return bits;
}

function sumBins(
  bins: Float64Array,
  { from, to, channels }: { from: number; to: number; channels: number },
): Float64Array {
  const sums = new Float64Array(channels);
  for (let at = from * channels; at < to * channels; at += channels)
    for (let c = 0; c < channels; c++) sums[c] += bins[at + c];
  return sums;
}
