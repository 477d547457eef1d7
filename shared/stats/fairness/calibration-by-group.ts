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
