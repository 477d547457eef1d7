import type { BinnedMatrix } from './binning.ts';
import { type HessianSplitOptions, LEAST_HESSIAN, softened } from './hessian-splitting.ts';
import type { Histogram } from './histogram.ts';
import { runLoop } from './run-loop.ts';
import type { NodeSums, Split, SplitNode } from './splitting.ts';

/** What a leaf of a node may answer, before the learning rate. */
export type Bounds = { lower: number; upper: number };

export const NO_BOUNDS: Bounds = { lower: -Infinity, upper: Infinity };

/** By feature: 1 where answers must not fall as it grows, -1 where they must not rise, 0 elsewhere. */
export type Monotone = Int8Array;

/** The answer of least loss within the bounds. */
export function boundedValue(
  { gradient, hessian }: { gradient: number; hessian: number },
  { l1 = 0, l2 }: { l1?: number; l2: number },
  { lower, upper }: Bounds,
): number {
  const value = -softened(gradient, l1) / Math.max(LEAST_HESSIAN, hessian + l2);
  return Math.min(upper, Math.max(lower, value));
}

/**
 * What the children of a split on a monotone feature may answer: no further than midway between
 * their own answers, so that nothing below them can cross (LightGBM's and scikit-learn's basic method).
 */
export function childBounds(
  bounds: Bounds,
  direction: number,
  values: { left: number; right: number },
): { left: Bounds; right: Bounds } {
  if (direction === 0) return { left: bounds, right: bounds };
  const middle = (values.left + values.right) / 2;
  const below = { lower: bounds.lower, upper: middle };
  const above = { lower: middle, upper: bounds.upper };
  return direction > 0 ? { left: below, right: above } : { left: above, right: below };
}

/**
 * The split that lowers the loss 2 G w + (H + l2) w^2 + 2 l1 |w| of the node's answer w most, both
 * answers within the bounds and, on a monotone feature, in its order. As `findBestHessianSplit` but
 * for the bounds, and slower. Missing values are not held to an order.
 */
export function findBestBoundedSplit(
  matrix: BinnedMatrix,
  { histogram, sums, allowed = null }: SplitNode,
  options: HessianSplitOptions & { bounds: Bounds; monotone: Monotone },
): Split | null {
  const ofNode = lossOf(sums, options);
  const best: Best = {
    gain: Math.abs(ofNode) * 1e-10,
    feature: -1,
    bin: 0,
    missingLeft: false,
    left: sums,
  };
  const scan = { matrix, histogram, sums, options, ofNode, best };
  for (let f = 0; f < matrix.features.length; f++) {
    if (allowed !== null && allowed[f] === 0) continue;
    runLoop(scanFeature, f, scan);
  }
  const { gain, feature, bin, missingLeft, left } = best;
  return feature < 0 ? null : { gain, feature, bin, missingLeft, left, levels: null };
}

type Best = Pick<Split, 'gain' | 'feature' | 'bin' | 'missingLeft' | 'left'>;

type Scan = {
  matrix: BinnedMatrix;
  histogram: Histogram;
  sums: NodeSums;
  options: HessianSplitOptions & { bounds: Bounds; monotone: Monotone };
  ofNode: number;
  best: Best;
};

function lossOf(sums: NodeSums, options: Scan['options']): number {
  const value = boundedValue(sums, options, options.bounds);
  const { l1 = 0, l2 } = options;
  return 2 * sums.gradient * value + (sums.hessian + l2) * value * value + 2 * l1 * Math.abs(value);
}

function scanFeature(feature: number, scan: Scan): void {
  const bins = scan.matrix.features[feature];
  const offset = 3 * scan.matrix.offsets[feature];
  const at = (bin: number): NodeSums => {
    const [gradient, hessian, count] = scan.histogram.subarray(
      offset + 3 * bin,
      offset + 3 * bin + 3,
    );
    return { gradient, hessian, count };
  };
  if (bins.type === 'category') {
    for (let bin = 0; bin < bins.levels; bin++)
      consider(scan, { feature, bin, missingLeft: false, left: minus(scan.sums, at(bin)) });
    return;
  }
  const count = bins.thresholds.length + 1;
  const missing = at(count);
  for (const missingLeft of missing.count > 0 ? [false, true] : [false]) {
    let left = missingLeft ? missing : { gradient: 0, hessian: 0, count: 0 };
    for (let bin = 0; bin < count; bin++) {
      left = plus(left, at(bin));
      const isGreater = missing.count === 0 && left.count > scan.sums.count - left.count;
      consider(scan, { feature, bin, missingLeft: missingLeft || isGreater, left });
    }
  }
}

const plus = (a: NodeSums, b: NodeSums): NodeSums => ({
  gradient: a.gradient + b.gradient,
  hessian: a.hessian + b.hessian,
  count: a.count + b.count,
});

const minus = (a: NodeSums, b: NodeSums): NodeSums => ({
  gradient: a.gradient - b.gradient,
  hessian: a.hessian - b.hessian,
  count: a.count - b.count,
});

function consider(scan: Scan, split: Omit<Best, 'gain'>): void {
  const { sums, options, best, ofNode } = scan;
  const { left } = split;
  const right = minus(sums, left);
  const leastHessian = Math.max(LEAST_HESSIAN, options.minChildWeight ?? 0);
  if (Math.min(left.count, right.count) < Math.max(1, options.minSamplesLeaf)) return;
  if (Math.min(left.hessian, right.hessian) < leastHessian) return;
  const gain = ofNode - lossOf(left, options) - lossOf(right, options);
  if (gain <= best.gain) return;
  const direction = options.monotone[split.feature];
  const [below, above] = direction > 0 ? [left, right] : [right, left];
  const isCrossed =
    direction !== 0 &&
    boundedValue(below, options, options.bounds) > boundedValue(above, options, options.bounds);
  if (!isCrossed) Object.assign(best, split, { gain });
}
