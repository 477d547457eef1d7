import { normalQuantile } from '../distributions/normal.ts';
import type { Labelled } from '../estimate/calibration.ts';
import type { Metric } from './metric.ts';

/**
 * Area under the ROC curve with an interval.
 *
 * Definition: the variance of the placements of positives among negatives and of negatives among positives (ties
 * half); the interval on the scale of log(area / (1 - area)), so that it stays inside (0, 1).
 * @returns null without positives or negatives; no interval with one of either, or an area of 0 or 1
 * Cost: one sort. Source: DeLong, DeLong and Clarke-Pearson (1988); Sun and Xu (2014) by midranks. Reference: R pROC.
 */
export function aucMetric({ probabilities, labels }: Labelled, alpha: number): Metric | null {
  const order = probabilities.map((_, i) => i).sort((i, j) => probabilities[i] - probabilities[j]);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const [ofPositives, ofNegatives] = [startSpread(), startSpread()];
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let here = 0;
    while (to < order.length && probabilities[order[to]] === probabilities[order[from]])
      here += labels[order[to++]];
    const others = to - from - here;
    addTo(ofPositives, (negativesBelow + others / 2) / negatives, here);
    addTo(ofNegatives, 1 - (positivesBelow + here / 2) / positives, others);
    positivesBelow += here;
    negativesBelow += others;
    from = to;
  }
  const value = ofPositives.mean;
  const about = { name: 'roc_auc', value, better: 'higher' as const };
  const isTold = positives > 1 && negatives > 1 && value > 0 && value < 1;
  if (!isTold) return { ...about, interval: null, standardError: null };
  const standardError = Math.sqrt(
    ofPositives.squares / (positives - 1) / positives +
      ofNegatives.squares / (negatives - 1) / negatives,
  );
  return { ...about, interval: logitInterval(value, standardError, alpha), standardError };
}

function logitInterval(value: number, error: number, alpha: number): [number, number] {
  const centre = Math.log(value / (1 - value));
  const reach = (normalQuantile(alpha / 2, 'upper') * error) / (value * (1 - value));
  const back = (logit: number): number => 1 / (1 + Math.exp(-logit));
  return [back(centre - reach), back(centre + reach)];
}

type Spread = { n: number; mean: number; squares: number };

const startSpread = (): Spread => ({ n: 0, mean: 0, squares: 0 });

/** The same value `times` times. */
function addTo(spread: Spread, value: number, times: number): void {
  if (times === 0) return;
  const n = spread.n + times;
  const gap = value - spread.mean;
  spread.mean += (gap * times) / n;
  spread.squares += (gap * gap * spread.n * times) / n;
  spread.n = n;
}
