import { normalSurvival } from '../distributions/normal.ts';
import { calibrationError, type Labelled } from '../estimate/calibration.ts';
import { wilsonBounds } from '../tests/proportion-difference.ts';

export type Reliability = {
  /** Bins of equal count, by probability: what was told on average, and what happened, with its interval. */
  bins: { n: number; told: number; happened: number; interval: [number, number] }[];
  /** Expected calibration error over ten bins of equal width. */
  calibrationError: number;
  /** Chance of as much miscalibration of honest probabilities; null where all are 0, 1/2 or 1. */
  pValue: number | null;
};

/**
 * Do probabilities mean what they say? The reliability curve, and Spiegelhalter's test, which needs no bins.
 * @returns null without rows
 * Cost: one sort. Source: Spiegelhalter, Probabilistic prediction in patient management (1986).
 */
export function reliabilityOf(sample: Labelled, binCount = 10): Reliability | null {
  const { probabilities, labels } = sample;
  const n = probabilities.length;
  if (n === 0) return null;
  const order = probabilities.map((_, i) => i).sort((i, j) => probabilities[i] - probabilities[j]);
  const bins = boundsOf(order, probabilities, binCount).map(([from, to]) => {
    const rows = order.slice(from, to);
    const events = rows.reduce((sum, i) => sum + labels[i], 0);
    const told = rows.reduce((sum, i) => sum + probabilities[i], 0) / rows.length;
    const interval = wilsonBounds({ events, n: rows.length });
    return { n: rows.length, told, happened: events / rows.length, interval };
  });
  return { bins, calibrationError: calibrationError(sample), pValue: spiegelhalter(sample) };
}

/** Even cuts of the sorted rows; equal probabilities stay together. */
function boundsOf(
  order: readonly number[],
  probabilities: readonly number[],
  binCount: number,
): [number, number][] {
  const bounds: [number, number][] = [];
  let from = 0;
  for (let bin = 1; bin <= binCount && from < order.length; bin++) {
    let to = Math.max(from + 1, Math.round((bin * order.length) / binCount));
    while (to < order.length && probabilities[order[to]] === probabilities[order[to - 1]]) to++;
    bounds.push([from, to]);
    from = to;
  }
  return bounds;
}

function spiegelhalter({ probabilities, labels }: Labelled): number | null {
  let sum = 0;
  let variance = 0;
  probabilities.forEach((p, i) => {
    sum += (labels[i] - p) * (1 - 2 * p);
    variance += (1 - 2 * p) ** 2 * p * (1 - p);
  });
  if (!(variance > 0)) return sum === 0 ? null : 0;
  return Math.min(1, 2 * normalSurvival(Math.abs(sum) / Math.sqrt(variance)));
}
