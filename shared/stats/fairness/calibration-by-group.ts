import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { calibrationError } from '../estimate/calibration.ts';

export type GroupCalibration = {
  n: number;
  /** Mean probability that was told. */
  told: number;
  /** Share that was truly positive. */
  happened: number;
  /** happened - told, with its interval: above 0, the group is underestimated. */
  gap: number;
  gapInterval: [number, number];
  /** Expected calibration error over ten bins. */
  calibrationError: number;
};

/**
 * Do probabilities mean the same in every group? Gap and calibration error by group, groups in order of name.
 * @param sample probabilities in [0, 1], labels 0 or 1, groups; equal lengths
 * @returns {} without rows
 * Source: Pleiss et al., On fairness and calibration (2017).
 */
export function calibrationByGroup(
  sample: {
    probabilities: readonly number[];
    labels: readonly number[];
    groups: readonly string[];
  },
  alpha = 0.05,
): Record<string, GroupCalibration> {
  const { probabilities, labels, groups } = sample;
  const rows = new Map<string, { probabilities: number[]; labels: number[] }>();
  groups.forEach((group, i) => {
    let own = rows.get(group);
    if (!own) {
      own = { probabilities: [], labels: [] };
      rows.set(group, own);
    }
    own.probabilities.push(probabilities[i]);
    own.labels.push(labels[i]);
  });
  const reach = normalQuantile(alpha / 2, 'upper');
  const named = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(named.map(([name, own]) => [name, calibrationOf(own, reach)]));
}

function calibrationOf(
  { probabilities, labels }: { probabilities: readonly number[]; labels: readonly number[] },
  reach: number,
): GroupCalibration {
  const n = labels.length;
  const told = probabilities.reduce((sum, p) => sum + p, 0) / n;
  const happened = labels.reduce((sum, label) => sum + label, 0) / n;
  const gap = happened - told;
  const squares = labels.reduce((sum, label, i) => sum + (label - probabilities[i] - gap) ** 2, 0);
  const half = reach * Math.sqrt(squares / Math.max(1, n - 1) / n);
  return {
    n,
    told,
    happened,
    gap,
    gapInterval: [gap - half, gap + half],
    calibrationError: calibrationError({ probabilities, labels }),
  };
}

/** How far groups are apart in what a probability means; null with fewer than two groups. */
export type CalibrationDisparity = {
  /** Largest less smallest gap. */
  difference: number;
  /** Smallest over largest of (what happened / what was told); null where a group was told 0 throughout. */
  ratio: number | null;
  /** Chance of gaps as far apart if all groups were as well calibrated. */
  pValue: number;
};

/**
 * Does a probability mean the same in all groups? Weighted squares of the gaps about their mean (chi-square).
 * Source: Cochran (1954) for the test of one common gap.
 */
export function calibrationDisparity(
  groups: Record<string, GroupCalibration>,
): CalibrationDisparity | null {
  const known = Object.values(groups).filter(({ n }) => n >= 2);
  if (known.length < 2) return null;
  const gaps = known.map(({ gap }) => gap);
  const shares = known.map(({ told, happened }) => happened / told);
  const [low, high] = rangeOf(shares);
  const [lowGap, highGap] = rangeOf(gaps);
  const reach = normalQuantile(0.025, 'upper');
  const weights = known.map(({ gapInterval: [from, to], n }) => {
    const error = (to - from) / (2 * reach);
    return 1 / Math.max(error, 0.5 / n) ** 2;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = gaps.reduce((sum, gap, i) => sum + weights[i] * gap, 0) / total;
  const squares = gaps.reduce((sum, gap, i) => sum + weights[i] * (gap - mean) ** 2, 0);
  const isRatio = Number.isFinite(low) && Number.isFinite(high);
  return {
    difference: highGap - lowGap,
    ratio: isRatio ? (high === 0 ? 1 : low / high) : null,
    pValue: chiSquareSurvival(squares, known.length - 1),
  };
}

/** Spread arguments would end the stack where there are many groups. */
const rangeOf = (values: readonly number[]): [low: number, high: number] =>
  values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
