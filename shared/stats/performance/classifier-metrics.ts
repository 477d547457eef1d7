import type { Labelled } from '../estimate/calibration.ts';
import { aucMetric } from './auc-interval.ts';
import { type Metric, meanMetric, normalInterval, shareMetric, within } from './metric.ts';

/** Keeps the logarithm finite, as scikit-learn does for float64. */
const LEAST = 2 ** -52;

/**
 * Figures of a binary classifier's probabilities, then of its decisions at `threshold`, each with an interval.
 * @param sample probabilities in [0, 1] and labels 0 or 1
 * @returns [] without rows; figures whose base is empty are left out
 * Reference: scikit-learn 1.2 metrics of the same names.
 */
export function probabilityMetrics(
  sample: Labelled,
  { threshold = 0.5, alpha = 0.05 }: { threshold?: number; alpha?: number } = {},
): Metric[] {
  const { probabilities, labels } = sample;
  const given = probabilities.map((p, i) => (labels[i] === 1 ? p : 1 - p));
  const losses = given.map((p) => -Math.log(Math.min(1 - LEAST, Math.max(LEAST, p))));
  const squares = given.map((p) => (1 - p) ** 2);
  const lower = 'lower' as const;
  return [
    aucMetric(sample, alpha),
    within(meanMetric({ name: 'log_loss', better: lower }, losses, alpha), [0, Infinity]),
    within(meanMetric({ name: 'brier', better: lower }, squares, alpha), [0, 1]),
    ...decisionMetrics(
      { predicted: probabilities.map((p) => p >= threshold), truth: labels.map((y) => y === 1) },
      alpha,
    ),
  ].flatMap((metric) => metric ?? []);
}

/** Accuracy, precision, recall, specificity and F1 of yes-or-no decisions. */
export function decisionMetrics(
  { predicted, truth }: { predicted: readonly boolean[]; truth: readonly boolean[] },
  alpha = 0.05,
): Metric[] {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  truth.forEach((isTrue, i) => {
    if (isTrue) counts[predicted[i] ? 'tp' : 'fn']++;
    else counts[predicted[i] ? 'fp' : 'tn']++;
  });
  const { tp, fp, fn, tn } = counts;
  const share = (name: string, events: number, n: number): Metric | null =>
    shareMetric({ name, better: 'higher' }, { events, n }, alpha);
  return [
    share('accuracy', tp + tn, truth.length),
    share('precision', tp, tp + fp),
    share('recall', tp, tp + fn),
    share('specificity', tn, tn + fp),
    f1Metric(counts, alpha),
  ].flatMap((metric) => metric ?? []);
}

/**
 * F1 = 2 tp / (2 tp + fp + fn) with an interval by the delta method: tp given tp + fp + fn is binomial with share s,
 * and F1 = 2 s / (1 + s). Source: Takahashi et al. (2022), confidence interval for micro-averaged F1, binary case.
 */
function f1Metric(
  { tp, fp, fn }: { tp: number; fp: number; fn: number },
  alpha: number,
): Metric | null {
  const about = { name: 'f1', better: 'higher' as const };
  const share = shareMetric(about, { events: tp, n: tp + fp + fn }, alpha);
  if (!share) return null;
  const map = (s: number): number => (2 * s) / (1 + s);
  const { value: s, interval, standardError } = share;
  return {
    ...about,
    value: map(s),
    interval: interval && [map(interval[0]), map(interval[1])],
    standardError: standardError === null ? null : (standardError * 2) / (1 + s) ** 2,
  };
}

/** Accuracy over all labels, then recall and precision of each, the most frequent first. */
export function labelMetrics(
  { predicted, truth }: { predicted: readonly string[]; truth: readonly string[] },
  { alpha = 0.05, maxLabels = 20 }: { alpha?: number; maxLabels?: number } = {},
): { overall: Metric[]; byLabel: { label: string; n: number; metrics: Metric[] }[] } {
  const right = truth.reduce((sum, label, i) => sum + (label === predicted[i] ? 1 : 0), 0);
  const counts = new Map<string, number>();
  for (const label of truth) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const accuracy = shareMetric(
    { name: 'accuracy', better: 'higher' },
    { events: right, n: truth.length },
    alpha,
  );
  const byLabel = labels.slice(0, maxLabels).map(([label, n]) => {
    const sides = {
      predicted: predicted.map((other) => other === label),
      truth: truth.map((other) => other === label),
    };
    const wanted = ['precision', 'recall', 'f1'];
    const metrics = decisionMetrics(sides, alpha).filter(({ name }) => wanted.includes(name));
    return { label, n, metrics };
  });
  return { overall: [...(accuracy ? [accuracy] : []), ...balanced(byLabel, alpha)], byLabel };
}

/** Mean recall over labels (balanced accuracy). */
function balanced(byLabel: readonly { metrics: Metric[] }[], alpha: number): Metric[] {
  const recalls = byLabel.flatMap(({ metrics }) => metrics.filter(({ name }) => name === 'recall'));
  if (recalls.length < 2) return [];
  const value = recalls.reduce((sum, recall) => sum + recall.value, 0) / recalls.length;
  const squares = recalls.reduce((sum, { standardError }) => sum + (standardError ?? 0) ** 2, 0);
  const error = Math.sqrt(squares) / recalls.length;
  const interval = normalInterval(value, error, alpha);
  const metric = within(
    { name: 'balanced_accuracy', value, better: 'higher', ...interval },
    [0, 1],
  );
  return metric ? [metric] : [];
}
