import { log } from '../core/portable-math.ts';
import type { Matrix } from './matrix.ts';
import type { PreparationData } from './preparation-data.ts';
import type { ScoringRule } from './selection-rule.ts';

/**
 * One score per column, higher is more; a constant column scores 0. Missing values are left out.
 * References: scikit-learn 1.2's feature_selection. Cost: rows x columns, with bins times log rows.
 */
export function scoreColumns(
  rule: ScoringRule,
  matrix: Matrix,
  { target, classes }: Pick<PreparationData, 'target' | 'classes'>,
): Float64Array {
  const width = matrix.names.length;
  const binned = rule === 'mutual-information' ? targetBins(target, classes) : null;
  return Float64Array.from({ length: width }, (_, j) => {
    const pairs = knownPairs(matrix, j, target);
    if (binned !== null) return mutualInformation(pairs.x, pairs.rows, binned);
    if (rule === 'chi2') return chiSquare(pairs, classes);
    return classes > 0 ? anovaF(pairs, classes) : regressionF(pairs);
  });
}

/** Known values of a column with their targets; `rows` are their row numbers. */
type Pairs = { x: Float64Array; y: Float64Array; rows: Uint32Array };

function knownPairs({ rows, names, data }: Matrix, column: number, target: Float64Array): Pairs {
  const known = new Uint32Array(rows);
  let n = 0;
  for (let row = 0; row < rows; row++)
    if (!Number.isNaN(data[row * names.length + column])) known[n++] = row;
  const at = known.slice(0, n);
  return {
    x: Float64Array.from(at, (row) => data[row * names.length + column]),
    y: Float64Array.from(at, (row) => target[row]),
    rows: at,
  };
}

/** Between-class over within-class variance. */
function anovaF({ x, y }: Pairs, classes: number): number {
  const counts = new Float64Array(classes);
  const sums = new Float64Array(classes);
  for (let i = 0; i < x.length; i++) {
    counts[y[i]]++;
    sums[y[i]] += x[i];
  }
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const present = counts.filter((count) => count > 0).length;
  let between = 0;
  let within = 0;
  sums.forEach((sum, k) => {
    if (counts[k] > 0) between += counts[k] * (sum / counts[k] - mean) ** 2;
  });
  for (let i = 0; i < x.length; i++) within += (x[i] - sums[y[i]] / counts[y[i]]) ** 2;
  return ratio(between / (present - 1), within / (x.length - present));
}

/** r^2 / (1 - r^2) x (n - 2). */
function regressionF({ x, y }: Pairs): number {
  const n = x.length;
  const meanX = x.reduce((sum, value) => sum + value, 0) / n;
  const meanY = y.reduce((sum, value) => sum + value, 0) / n;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  if (xx === 0 || yy === 0) return 0;
  const r2 = Math.min(1, (xy * xy) / (xx * yy));
  return ratio(r2 * (n - 2), 1 - r2);
}

/** Observed class sums of the column against those that its total and the class shares give. */
function chiSquare({ x, y }: Pairs, classes: number): number {
  const counts = new Float64Array(Math.max(1, classes));
  const sums = new Float64Array(Math.max(1, classes));
  for (let i = 0; i < x.length; i++) {
    if (x[i] < 0) return 0;
    counts[y[i]]++;
    sums[y[i]] += x[i];
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  let statistic = 0;
  sums.forEach((observed, k) => {
    const expected = (total * counts[k]) / x.length;
    if (expected > 0) statistic += (observed - expected) ** 2 / expected;
  });
  return statistic;
}

/** 0 / 0 is 0; anything else over nothing is as much as there is. */
const ratio = (above: number, below: number): number =>
  below > 0 && Number.isFinite(above) ? above / below : above > 0 ? Number.MAX_VALUE : 0;

const MOST_BINS = 16;

function targetBins(target: Float64Array, classes: number): Uint8Array | Float64Array {
  return classes > 0 ? target : quantileBins(target);
}

/** Bins of about equal counts; equal values share one. */
function quantileBins(values: Float64Array): Uint8Array {
  const sorted = values.slice().sort();
  const cuts: number[] = [];
  for (let b = 1; b < MOST_BINS; b++) {
    const cut = sorted[Math.floor((b * sorted.length) / MOST_BINS)];
    if (cut > (cuts.at(-1) ?? sorted[0])) cuts.push(cut);
  }
  return Uint8Array.from(values, (value) => {
    let bin = 0;
    while (bin < cuts.length && value >= cuts[bin]) bin++;
    return bin;
  });
}

function mutualInformation(x: Float64Array, rows: Uint32Array, targets: ArrayLike<number>): number {
  const bins = quantileBins(x);
  const joint = new Map<number, number>();
  const ofX = new Map<number, number>();
  const ofY = new Map<number, number>();
  for (let i = 0; i < x.length; i++) {
    const y = targets[rows[i]];
    increment(joint, bins[i] * 65_536 + y);
    increment(ofX, bins[i]);
    increment(ofY, y);
  }
  let information = 0;
  for (const [key, count] of joint) {
    const expected = (ofX.get(Math.floor(key / 65_536))! * ofY.get(key % 65_536)!) / x.length;
    information += (count / x.length) * log(count / expected);
  }
  const bias = ((ofX.size - 1) * (ofY.size - 1)) / (2 * Math.max(1, x.length));
  return Math.max(0, information - bias);
}

const increment = (counts: Map<number, number>, key: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};
