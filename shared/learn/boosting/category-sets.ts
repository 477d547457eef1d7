import type { Histogram } from './histogram.ts';
import type { NodeSums } from './splitting.ts';

/** The levels of one category in a node's histogram. */
export type LevelBins = {
  histogram: Histogram;
  /** Entry of the first level, and entries a level: 2 where a count is its sum of hessians, else 3. */
  offset: number;
  stride: number;
  levels: number;
};

export type SetOptions = {
  l2: number;
  minSamplesLeaf: number;
  leastHessian: number;
  parentScore: number;
  /** Levels that a split may name. */
  most: number;
};

/** The levels that go right, and the sums of the rest. */
export type LevelSet = { gain: number; levels: Uint8Array; left: NodeSums };

/** With this many levels or fewer, one against the rest is all that is tried. */
export const FEW_LEVELS = 4;
/** Rows that a level needs to be named, and what its sum of hessians is lifted by for its order. */
const SMOOTHING = 10;
/** Added to l2: a set is chosen from many. */
const SET_L2 = 10;

/**
 * The set of levels that gains most against the rest among those that are first or last when levels
 * are ordered by G / (H + 10): for squared error the best of all sets lies along that order (Fisher
 * 1958). Sets are short because each level is a question of its own in the exported tree. Reference:
 * LightGBM 4.6, `cat_smooth`, `cat_l2`, `max_cat_to_onehot`. Cost: levels log levels.
 */
export function findLevelSet(
  bins: LevelBins,
  node: NodeSums,
  options: SetOptions,
): LevelSet | null {
  const sums = levelSums(bins);
  const named = sums.filter(({ count }) => count >= SMOOTHING);
  named.sort((a, b) => ratio(a) - ratio(b) || a.level - b.level);
  const ascending = bestPrefix(named, node, options);
  const descending = bestPrefix(named.reverse(), node, options);
  if (ascending === null || (descending !== null && descending.gain > ascending.gain))
    return descending;
  return ascending;
}

type Level = NodeSums & { level: number };

const ratio = ({ gradient, hessian }: Level): number => gradient / (hessian + SMOOTHING);

function levelSums({ histogram, offset, stride, levels }: LevelBins): Level[] {
  return Array.from({ length: levels }, (_, level) => {
    const at = offset + stride * level;
    return {
      level,
      gradient: histogram[at],
      hessian: histogram[at + 1],
      count: histogram[at + stride - 1],
    };
  });
}

function bestPrefix(
  ordered: readonly Level[],
  node: NodeSums,
  { l2, minSamplesLeaf, leastHessian, parentScore, most }: SetOptions,
): LevelSet | null {
  const least = Math.max(1, minSamplesLeaf);
  const regular = l2 + SET_L2;
  const right: NodeSums = { gradient: 0, hessian: 0, count: 0 };
  let best: LevelSet | null = null;
  // All the named levels but one: the rest is never only what no training row has shown.
  const limit = Math.min(most, ordered.length - 1);
  for (let i = 0; i < limit; i++) {
    right.gradient += ordered[i].gradient;
    right.hessian += ordered[i].hessian;
    right.count += ordered[i].count;
    const left = {
      gradient: node.gradient - right.gradient,
      hessian: node.hessian - right.hessian,
      count: node.count - right.count,
    };
    if (Math.min(left.count, right.count) < least) continue;
    if (Math.min(left.hessian, right.hessian) < leastHessian) continue;
    const gain =
      left.gradient ** 2 / (left.hessian + regular) +
      right.gradient ** 2 / (right.hessian + regular) -
      parentScore;
    if (i === 0 || gain <= (best?.gain ?? 0)) continue;
    const levels = Uint8Array.from(ordered.slice(0, i + 1), ({ level }) => level).sort();
    best = { gain, levels, left };
  }
  return best;
}
