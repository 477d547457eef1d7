import type { BinnedMatrix } from './binning.ts';
import { FEW_LEVELS, findLevelSet } from './category-sets.ts';
import type { Histogram } from './histogram.ts';
import { runLoop } from './run-loop.ts';
import type { NodeSums, Split, SplitNode, SplitOptions } from './splitting.ts';

export type HessianSplitOptions = SplitOptions & {
  /** Absolute sums of gradients are lessened by it. */
  l1?: number;
  /** Least sum of hessians on each side. */
  minChildWeight?: number;
};

/** Sums of hessians below this would be divided by. */
export const LEAST_HESSIAN = 1e-10;

/** What a node's sum of gradients counts as under L1: nearer to 0 by `l1`, at most 0. */
export const softened = (gradient: number, l1: number): number =>
  gradient > l1 ? gradient - l1 : gradient < -l1 ? gradient + l1 : 0;

/**
 * The split with the greatest gain GL^2/(HL+l2) + GR^2/(HR+l2) - G^2/(H+l2), each |G| lessened by
 * l1, or null when none leaves `minSamplesLeaf` rows and `minChildWeight` of hessians on both sides
 * and gains anything (Chen and Guestrin 2016, equation 7, without the factor 1/2). Otherwise as
 * `findBestSplit`, whose histograms have no hessians.
 */
export function findBestHessianSplit(
  matrix: BinnedMatrix,
  { histogram, sums: node, allowed = null }: SplitNode,
  options: HessianSplitOptions,
): Split | null {
  const { l1 = 0, l2, minChildWeight = 0, minSamplesLeaf } = options;
  const leastHessian = Math.max(LEAST_HESSIAN, minChildWeight);
  const parentScore = softened(node.gradient, l1) ** 2 / Math.max(LEAST_HESSIAN, node.hessian + l2);
  const best: Best = { ...NOTHING, gain: parentScore * 1e-10 };
  const scan: Scan = {
    ...{ matrix, histogram, node, parentScore, best, l1, l2, leastHessian, options },
    minSamplesLeaf: Math.max(1, minSamplesLeaf),
  };
  for (let f = 0; f < matrix.features.length; f++) {
    if (allowed !== null && allowed[f] === 0) continue;
    const bins = matrix.features[f];
    if (bins.type === 'number') scanNumber(scan, f, bins.thresholds.length + 1);
    else {
      runLoop(scanLevels, { feature: f, levels: bins.levels }, scan);
      scanSets(scan, f, bins.levels);
    }
  }
  if (best.feature < 0) return null;
  const { feature, bin, missingLeft, gain, gradient, hessian, count, levels } = best;
  return { feature, bin, missingLeft, gain, left: { gradient, hessian, count }, levels };
}

type Best = NodeSums & {
  gain: number;
  feature: number;
  bin: number;
  missingLeft: boolean;
  levels: Uint8Array | null;
};

const NOTHING: Best = {
  ...{ gain: 0, feature: -1, bin: 0, missingLeft: false },
  ...{ gradient: 0, hessian: 0, count: 0, levels: null },
};

type Scan = {
  matrix: BinnedMatrix;
  histogram: Histogram;
  node: NodeSums;
  parentScore: number;
  best: Best;
  l1: number;
  l2: number;
  leastHessian: number;
  minSamplesLeaf: number;
  options: HessianSplitOptions;
};

function scanNumber(scan: Scan, feature: number, bins: number): void {
  const offset = 3 * scan.matrix.offsets[feature];
  const missingAt = offset + 3 * bins;
  const { histogram } = scan;
  const from = { feature, offset, bins };
  runLoop(scanBins, { ...from, gradient: 0, hessian: 0, count: 0 }, scan);
  if (histogram[missingAt + 2] === 0) return;
  const [gradient, hessian, count] = histogram.subarray(missingAt, missingAt + 3);
  runLoop(scanBins, { ...from, gradient, hessian, count }, scan);
}

/** A feature's bins of values; the sums are of the missing, where they go left. */
type BinsOfFeature = NodeSums & { feature: number; offset: number; bins: number };

/** Leaves room for the rounding of both sides of the comparison. */
const SURELY_LESS = 1 - 1e-12;

function scanBins(from: BinsOfFeature, scan: Scan): void {
  const { histogram, node, parentScore, l1, l2, leastHessian, minSamplesLeaf } = scan;
  const { offset, bins } = from;
  let { gradient, hessian, count } = from;
  let bestGain = scan.best.gain;
  const mostLeft = node.count - minSamplesLeaf;
  for (let bin = 0; bin < bins; bin++) {
    gradient += histogram[offset + 3 * bin];
    hessian += histogram[offset + 3 * bin + 1];
    count += histogram[offset + 3 * bin + 2];
    if (count < minSamplesLeaf || hessian < leastHessian) continue;
    if (count > mostLeft || node.hessian - hessian < leastHessian) break;
    const toLeft = hessian + l2;
    const toRight = node.hessian - hessian + l2;
    const left = l1 === 0 ? gradient : softened(gradient, l1);
    const right = l1 === 0 ? node.gradient - gradient : softened(node.gradient - gradient, l1);
    const scaled = left * left * toRight + right * right * toLeft;
    if (scaled < (parentScore + bestGain) * toLeft * toRight * SURELY_LESS) continue;
    const gain = (left * left) / toLeft + (right * right) / toRight - parentScore;
    if (gain <= bestGain) continue;
    bestGain = gain;
    keepBest(scan, from, { gain, bin, gradient, hessian, count });
  }
}

function keepBest(
  { best, histogram, node }: Scan,
  { feature, offset, bins, count: missing }: BinsOfFeature,
  found: NodeSums & { gain: number; bin: number },
): void {
  const hasNoMissing = missing === 0 && histogram[offset + 3 * bins + 2] === 0;
  best.gain = found.gain;
  best.feature = feature;
  best.bin = found.bin;
  best.missingLeft = missing > 0 || (hasNoMissing && found.count > node.count - found.count);
  best.gradient = found.gradient;
  best.hessian = found.hessian;
  best.count = found.count;
  best.levels = null;
}

/** Each level against the rest: the splits that a one-hot column offers. */
function scanLevels({ feature, levels }: { feature: number; levels: number }, scan: Scan): void {
  const { matrix, histogram, node, parentScore, best, l1, l2, leastHessian } = scan;
  const offset = 3 * matrix.offsets[feature];
  for (let level = 0; level < levels; level++) {
    const hessian = histogram[offset + 3 * level + 1];
    const count = histogram[offset + 3 * level + 2];
    const rest = { hessian: node.hessian - hessian, count: node.count - count };
    if (Math.min(count, rest.count) < scan.minSamplesLeaf) continue;
    if (Math.min(hessian, rest.hessian) < leastHessian) continue;
    const gradient = histogram[offset + 3 * level];
    const right = softened(gradient, l1);
    const left = softened(node.gradient - gradient, l1);
    const gain =
      (right * right) / (hessian + l2) + (left * left) / (rest.hessian + l2) - parentScore;
    if (gain <= best.gain) continue;
    best.gain = gain;
    best.feature = feature;
    best.bin = level;
    best.missingLeft = false;
    best.gradient = node.gradient - gradient;
    best.hessian = rest.hessian;
    best.count = rest.count;
    best.levels = null;
  }
}

function scanSets(scan: Scan, feature: number, levels: number): void {
  const { matrix, histogram, node, best, options } = scan;
  const most = options.maxCategorySet ?? 1;
  if (most < 2 || levels <= FEW_LEVELS) return;
  const bins = { histogram, offset: 3 * matrix.offsets[feature], stride: 3, levels };
  const set = findLevelSet(bins, node, { ...scan, most });
  if (set === null || set.gain <= best.gain) return;
  const { gain, left } = set;
  Object.assign(best, left, { gain, feature, bin: set.levels[0], missingLeft: false });
  best.levels = set.levels;
}
