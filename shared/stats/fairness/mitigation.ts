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
  let best: { thresholds: number[]; rate: number; accuracy: number } | null = null;
  for (let step = 0; step <= GRID; step++) {
    const rate = step / GRID;
    const thresholds = curves.map(({ base }) => thresholdAt(base, rate));
    const right = curves.reduce((sum, curve, i) => sum + rightAt(curve, thresholds[i]), 0);
    const accuracy = right / sample.truth.length;
    if (!best || accuracy > best.accuracy) best = { thresholds, rate, accuracy };
  }
  if (!best) return null;
  const { rate, accuracy, thresholds } = best;
  const byGroup = Object.fromEntries(curves.map(({ group }, i) => [group, thresholds[i]]));
  return { thresholds: byGroup, rate, accuracy };
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
  const sides = new Map<string, { positives: number[]; negatives: number[] }>();
  groups.forEach((group, i) => {
    let own = sides.get(group);
    if (!own) {
      own = { positives: [], negatives: [] };
      sides.set(group, own);
    }
    own[truth[i] ? 'positives' : 'negatives'].push(scores[i]);
  });
  return [...sides]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, own]) => {
      const positives = Float64Array.from(own.positives).sort();
      const negatives = Float64Array.from(own.negatives).sort();
      const isParity = constraint === 'demographic_parity';
      const all = isParity ? Float64Array.from([...own.positives, ...own.negatives]) : positives;
      return { group, base: all.slice().sort().reverse(), positives, negatives };
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
