import type { BinnedMatrix } from './binning.ts';
import { FEW_LEVELS, findLevelSet } from './category-sets.ts';
import type { Histogram } from './histogram.ts';
import { runLoop } from './run-loop.ts';

/** Totals of a node's rows. Where hessians are constant, `hessian` is the count. */
export type NodeSums = { gradient: number; hessian: number; count: number };

/**
 * A way to part a node. Numbers: bins <= `bin` go left, missing values where `missingLeft` says.
 * Categories: level `bin` goes right, or all of `levels` do where there are any; the rest left.
 */
export type Split = {
  feature: number;
  bin: number;
  missingLeft: boolean;
  gain: number;
  left: NodeSums;
  levels: Uint8Array | null;
};

export type SplitOptions = {
  minSamplesLeaf: number;
  /** Added to each count of rows (hessian) in the denominator. */
  l2: number;
  /** Levels of a category that a split may name; absent: one. */
  maxCategorySet?: number;
};

/** What of a node is looked at. */
export type SplitNode = {
  histogram: Histogram;
  sums: NodeSums;
  /** By feature, 1 where it may be split on; null: all. */
  allowed?: Uint8Array | null;
};

/**
 * The split with the greatest gain GL^2/(nL+l2) + GR^2/(nR+l2) - G^2/(n+l2), or null when none
 * leaves `minSamplesLeaf` rows on both sides and gains anything (Chen and Guestrin 2016, equation 7,
 * without the factor 1/2 and with hessians of 1). Ties go to the first feature, then the first bin.
 * Missing values go where the gain is greater; where the node has none, with the greater child.
 */
export function findBestSplit(
  matrix: BinnedMatrix,
  { histogram, sums: node, allowed = null }: SplitNode,
  options: SplitOptions,
): Split | null {
  const parentScore = (node.gradient * node.gradient) / (node.count + options.l2);
  // Below this a gain is the rounding of the three terms it is the difference of.
  const gain = parentScore * 1e-10;
  const best: Best = { gain, feature: -1, bin: 0, missingLeft: false, ...NOTHING };
  const scan: Scan = { matrix, histogram, node, options, parentScore, best };
  for (let f = 0; f < matrix.features.length; f++) {
    if (allowed !== null && allowed[f] === 0) continue;
    const bins = matrix.features[f];
    if (bins.type === 'number') scanNumber(scan, f, bins.thresholds.length + 1);
    else scanCategory(scan, f, bins.levels);
  }
  if (best.feature < 0) return null;
  const { feature, bin, missingLeft, gradient, count, levels } = best;
  const left = { gradient, hessian: count, count };
  return { feature, bin, missingLeft, gain: best.gain, left, levels };
}

const NOTHING = { gradient: 0, count: 0, levels: null };

type Best = {
  gain: number;
  feature: number;
  bin: number;
  missingLeft: boolean;
  gradient: number;
  count: number;
  levels: Uint8Array | null;
};

type Scan = {
  matrix: BinnedMatrix;
  histogram: Histogram;
  node: NodeSums;
  options: SplitOptions;
  parentScore: number;
  best: Best;
};

function scanNumber(scan: Scan, feature: number, bins: number): void {
  const offset = 2 * scan.matrix.offsets[feature];
  const missingAt = offset + 2 * bins;
  const missingCount = scan.histogram[missingAt + 1];
  runLoop(scanBins, { feature, offset, bins, gradient: 0, count: 0 }, scan);
  if (missingCount === 0) return;
  const gradient = scan.histogram[missingAt];
  runLoop(scanBins, { feature, offset, bins, gradient, count: missingCount }, scan);
}

/** A feature's bins of values; `gradient` and `count` are of the missing, where they go left. */
type BinsOfFeature = {
  feature: number;
  offset: number;
  bins: number;
  gradient: number;
  count: number;
};

/** Leaves room for the rounding of both sides of the comparison. */
const SURELY_LESS = 1 - 1e-12;

/**
 * One pass from the lowest bin up; what `from` holds at the start is on the left already. Empty bins
 * add 0 and gain nothing new: looking for them would cost more than they do.
 */
function scanBins(from: BinsOfFeature, scan: Scan): void {
  const { histogram, node, parentScore } = scan;
  const { minSamplesLeaf, l2 } = scan.options;
  const { offset, bins } = from;
  let gradient = from.gradient;
  let count = from.count;
  let bestGain = scan.best.gain;
  const mostLeft = node.count - Math.max(1, minSamplesLeaf);
  // The last bin is a split too when missing values stay behind on the right.
  for (let bin = 0; bin < bins; bin++) {
    gradient += histogram[offset + 2 * bin];
    count += histogram[offset + 2 * bin + 1];
    if (count < minSamplesLeaf || count === 0) continue;
    if (count > mostLeft) break;
    const toLeft = count + l2;
    const toRight = node.count - count + l2;
    const other = node.gradient - gradient;
    // Multiplied out first: divisions are what a scan would spend its time on.
    const scaled = gradient * gradient * toRight + other * other * toLeft;
    if (scaled < (parentScore + bestGain) * toLeft * toRight * SURELY_LESS) continue;
    const gain = (gradient * gradient) / toLeft + (other * other) / toRight - parentScore;
    if (gain <= bestGain) continue;
    bestGain = gain;
    keepBest(scan, from, { gain, bin, gradient, count });
  }
}

function keepBest(
  { best, histogram, node }: Scan,
  { feature, offset, bins, count: missing }: BinsOfFeature,
  { gain, bin, gradient, count }: { gain: number; bin: number; gradient: number; count: number },
): void {
  const hasNoMissing = missing === 0 && histogram[offset + 2 * bins + 1] === 0;
  best.gain = gain;
  best.feature = feature;
  best.bin = bin;
  best.missingLeft = missing > 0 || (hasNoMissing && count > node.count - count);
  best.gradient = gradient;
  best.count = count;
  best.levels = null;
}

/** Each level against the rest: the splits that a one-hot column offers. */
function scanCategory(scan: Scan, feature: number, levels: number): void {
  const { matrix, histogram, node, parentScore, best } = scan;
  const offset = 2 * matrix.offsets[feature];
  const { minSamplesLeaf, l2 } = scan.options;
  for (let level = 0; level < levels; level++) {
    const count = histogram[offset + 2 * level + 1];
    const rest = node.count - count;
    if (count < minSamplesLeaf || rest < minSamplesLeaf || count === 0 || rest === 0) continue;
    const gradient = histogram[offset + 2 * level];
    const other = node.gradient - gradient;
    const gain = (gradient * gradient) / (count + l2) + (other * other) / (rest + l2) - parentScore;
    if (gain <= best.gain) continue;
    best.gain = gain;
    best.feature = feature;
    best.bin = level;
    best.missingLeft = false;
    best.gradient = other;
    best.count = rest;
    best.levels = null;
  }
  scanSets(scan, feature, levels);
}

function scanSets(scan: Scan, feature: number, levels: number): void {
  const { matrix, histogram, node, parentScore, best, options } = scan;
  const most = options.maxCategorySet ?? 1;
  if (most < 2 || levels <= FEW_LEVELS) return;
  const bins = { histogram, offset: 2 * matrix.offsets[feature], stride: 2, levels };
  const set = findLevelSet(bins, node, { ...options, parentScore, most, leastHessian: 0 });
  if (set === null || set.gain <= best.gain) return;
  best.gain = set.gain;
  best.feature = feature;
  best.bin = set.levels[0];
  best.missingLeft = false;
  best.gradient = set.left.gradient;
  best.count = set.left.count;
  best.levels = set.levels;
}
