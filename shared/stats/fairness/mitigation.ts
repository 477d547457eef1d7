import type { Decisions } from './group-metrics.ts';

/**
 * Weights that make group and truth independent in the training rows: P(group) P(truth) / P(group, truth), one per
 * row; weighted, every group has the same share of positives.
 * Source: Kamiran and Calders, Data preprocessing techniques for classification without discrimination (2012).
 */
export function reweigh(truth: readonly boolean[], groups: readonly string[]): number[] {
  const n = truth.length;
  const positives = truth.filter(Boolean).length;
  const sizes = new Map<string, { n: number; positives: number }>();
  groups.forEach((group, i) => {
    const size = sizes.get(group) ?? { n: 0, positives: 0 };
    size.n++;
    if (truth[i]) size.positives++;
    sizes.set(group, size);
  });
  return groups.map((group, i) => {
    const size = sizes.get(group)!;
    const inLabel = truth[i] ? positives : n - positives;
    const inCell = truth[i] ? size.positives : size.n - size.positives;
    return (size.n * inLabel) / (n * inCell);
  });
}

export type Scored = {
  truth: readonly boolean[];
  /** Score of each row; higher is more likely positive. */
  scores: readonly number[];
  groups: readonly string[];
};

/** What must be alike between groups. */
export type Constraint = 'demographic_parity' | 'equal_opportunity';

export type GroupThresholds = {
  /** A row is predicted positive when its score is at or above its group's threshold. */
  thresholds: Record<string, number>;
  /** The rate that all groups are brought to, within one row of each. */
  rate: number;
  accuracy: number;
};

/** Rates that are tried. */
const GRID = 200;

/**
 * A threshold per group that brings the selection rate (or the true positive rate) of all groups together at the
 * least loss of accuracy. Without randomisation: rates meet as near as the scores' ties allow.
 * @returns null without rows, or under `equal_opportunity` when a group has no positives
 * Cost: O(rows log rows + 200 groups). Source: Hardt, Price and Srebro, Equality of opportunity in supervised
 * learning (2016), deterministic thresholds.
 */
export function optimiseThresholds(sample: Scored, constraint: Constraint): GroupThresholds | null {
  const curves = curvesOf(sample, constraint);
  if (curves.length === 0 || curves.some(({ base }) => base.length === 0)) return null;
  let best: GroupThresholds | null = null;
  for (let step = 0; step <= GRID; step++) {
    const rate = step / GRID;
    const chosen = curves.map((curve) => ({ curve, threshold: thresholdAt(curve.base, rate) }));
    const right = chosen.reduce((sum, { curve, threshold }) => sum + rightAt(curve, threshold), 0);
    const accuracy = right / sample.truth.length;
    if (best && accuracy <= best.accuracy) continue;
    const thresholds = Object.fromEntries(
      chosen.map(({ curve, threshold }) => [curve.group, threshold]),
    );
    best = { thresholds, rate, accuracy };
  }
  return best;
}

/** Predictions by the thresholds of `optimiseThresholds`; an unknown group is predicted negative. */
export function applyThresholds(
  scores: readonly number[],
  groups: readonly string[],
  { thresholds }: GroupThresholds,
): Decisions['prediction'] {
  return scores.map((score, i) => score >= (thresholds[groups[i]] ?? Infinity));
}

type Curve = {
  group: string;
  /** Scores over which the rate is taken, descending. */
  base: Float64Array;
  /** Scores of truly positive and of truly negative rows, ascending. */
  positives: Float64Array;
  negatives: Float64Array;
};

function curvesOf({ truth, scores, groups }: Scored, constraint: Constraint): Curve[] {
  return [...new Set(groups)].sort().map((group) => {
    const of = (wanted: (i: number) => boolean): Float64Array =>
      Float64Array.from(scores.filter((_, i) => groups[i] === group && wanted(i))).sort();
    const positives = of((i) => truth[i]);
    const all = constraint === 'demographic_parity' ? of(() => true) : positives;
    return { group, base: all.slice().reverse(), positives, negatives: of((i) => !truth[i]) };
  });
}

function thresholdAt(base: Float64Array, rate: number): number {
  const selected = Math.round(rate * base.length);
  return selected === 0 ? Infinity : base[selected - 1];
}

const rightAt = ({ positives, negatives }: Curve, threshold: number): number =>
  positives.length - countBelow(positives, threshold) + countBelow(negatives, threshold);

function countBelow(sorted: Float64Array, threshold: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
