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

/** Probabilities in [0, 1], labels 0 or 1, and each row's group; equal lengths. */
export type CalibrationSample = {
  probabilities: readonly number[];
  labels: readonly number[];
  groups: readonly string[];
};

/**
 * Do probabilities mean the same in every group? Gap and calibration error by group, groups in order of name.
 * @returns {} without rows
 * Source: Pleiss et al., On fairness and calibration (2017).
 */
export function calibrationByGroup(
  sample: CalibrationSample,
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
  // Few rows that all went one way have no spread: half an event is left open.
  const half = reach * Math.max(Math.sqrt(squares / Math.max(1, n - 1) / n), 0.5 / n);
  return {
    n,
    told,
    happened,
    gap,
    gapInterval: [Math.max(-1, gap - half), Math.min(1, gap + half)],
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
 * Does a probability mean the same in all groups? Squares of the gaps about their mean, over their variances, held
 * against a chi-square of the same mean and variance, which keeps its level in groups of a few rows too. A row's
 * variance is that of its probability, moved by the mean gap, times what all rows vary more or less than that.
 * @param groups of the sample, `calibrationByGroup`; those of one row are left out
 * Cost: rows. Source: Cochran (1954) for the test of one common gap; Satterthwaite (1946) for the match.
 */
export function calibrationDisparity(
  groups: Record<string, GroupCalibration>,
  sample: CalibrationSample,
): CalibrationDisparity | null {
  const known = Object.entries(groups).filter(([, { n }]) => n >= 2);
  if (known.length < 2) return null;
  const gaps = known.map(([, { gap }]) => gap);
  const [low, high] = rangeOf(known.map(([, { told, happened }]) => happened / told));
  const [lowGap, highGap] = rangeOf(gaps);
  const isRatio = Number.isFinite(low) && Number.isFinite(high);
  return {
    difference: highGap - lowGap,
    ratio: isRatio ? (high === 0 ? 1 : low / high) : null,
    pValue: oneGapChance(known, sample),
  };
}

/** The statistic is never taken to vary less than this times its mean. */
const LEAST_SPREAD = 0.1;

function oneGapChance(
  known: readonly [string, GroupCalibration][],
  sample: CalibrationSample,
): number {
  const { sums, squares, total, rows } = spreadsOf(known, sample);
  if (squares === 0) return 1;
  const dispersion = (squares / total) * (rows / (rows - 1));
  let [weight, mean, excess] = [0, 0, 0];
  for (const [name, { n, gap }] of known) {
    const { variance, fourth } = sums.get(name) ?? { variance: 0, fourth: 0 };
    const own = (n * n) / (dispersion * variance);
    weight += own;
    mean += own * gap;
    excess += fourth / variance ** 2;
  }
  mean /= weight;
  let statistic = 0;
  for (const [name, { n, gap }] of known) {
    const { variance } = sums.get(name) ?? { variance: 0 };
    statistic += ((n * n) / (dispersion * variance)) * (gap - mean) ** 2;
  }
  const expected = known.length - 1;
  const spread = Math.max(LEAST_SPREAD * expected, 2 * expected + excess);
  return chiSquareSurvival((2 * statistic * expected) / spread, (2 * expected ** 2) / spread);
}

/** By group the sum of its rows' variances, and of their fourth cumulants, as one gap of all would have them. */
function spreadsOf(known: readonly [string, GroupCalibration][], sample: CalibrationSample) {
  const sums = new Map(known.map(([name]) => [name, { variance: 0, fourth: 0 }]));
  const rows = known.reduce((sum, [, { n }]) => sum + n, 0);
  const common = known.reduce((sum, [, { n, gap }]) => sum + n * gap, 0) / rows;
  let [squares, total] = [0, 0];
  sample.groups.forEach((group, i) => {
    const own = sums.get(group);
    if (!own) return;
    const p = Math.min(1, Math.max(0, sample.probabilities[i] + common));
    const variance = Math.max(p * (1 - p), 1 / (4 * rows));
    own.variance += variance;
    own.fourth += variance * (1 - 6 * variance);
    total += variance;
    squares += (sample.labels[i] - sample.probabilities[i] - common) ** 2;
  });
  return { sums, squares, total, rows };
}

/** Spread arguments would end the stack where there are many groups. */
const rangeOf = (values: readonly number[]): [low: number, high: number] =>
  values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
