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
  const names = [...new Set(sample.groups)].sort();
  return Object.fromEntries(names.map((name) => [name, groupOf(name)]));

  function groupOf(name: string): GroupCalibration {
    const rows = sample.groups.flatMap((group, i) => (group === name ? [i] : []));
    const probabilities = rows.map((i) => sample.probabilities[i]);
    const labels = rows.map((i) => sample.labels[i]);
    const n = rows.length;
    const told = probabilities.reduce((sum, p) => sum + p, 0) / n;
    const happened = labels.reduce((sum, label) => sum + label, 0) / n;
    const gap = happened - told;
    const squares = labels.reduce(
      (sum, label, i) => sum + (label - probabilities[i] - gap) ** 2,
      0,
    );
    const reach = normalQuantile(alpha / 2, 'upper') * Math.sqrt(squares / Math.max(1, n - 1) / n);
    return {
      n,
      told,
      happened,
      gap,
      gapInterval: [gap - reach, gap + reach],
      calibrationError: calibrationError({ probabilities, labels }),
    };
  }
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
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
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
    difference: Math.max(...gaps) - Math.min(...gaps),
    ratio: isRatio ? (high === 0 ? 1 : low / high) : null,
    pValue: chiSquareSurvival(squares, known.length - 1),
  };
}
