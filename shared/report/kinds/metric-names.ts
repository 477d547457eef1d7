import type { Metric } from '../../stats/performance/metric.ts';
import { numberText, percentText } from '../number-text.ts';
import type { ValueFormat } from '../report.ts';

const NAMES: Record<string, { name: string; format: ValueFormat }> = {
  roc_auc: { name: 'ROC-AUC', format: 'number' },
  log_loss: { name: 'Log loss', format: 'number' },
  brier: { name: 'Brier score', format: 'number' },
  accuracy: { name: 'Accuracy', format: 'percent' },
  balanced_accuracy: { name: 'Balanced accuracy', format: 'percent' },
  precision: { name: 'Precision', format: 'percent' },
  recall: { name: 'Recall', format: 'percent' },
  specificity: { name: 'Specificity', format: 'percent' },
  f1: { name: 'F1', format: 'percent' },
  mae: { name: 'Mean absolute error', format: 'number' },
  rmse: { name: 'Root mean squared error', format: 'number' },
  r2: { name: 'R²', format: 'number' },
  mean_error: { name: 'Mean error', format: 'number' },
};

export const metricName = (name: string): string => NAMES[name]?.name ?? name;

export const metricFormat = (name: string): ValueFormat => NAMES[name]?.format ?? 'number';

/** A figure's value in its own unit. */
export const metricText = ({ name, value }: Pick<Metric, 'name' | 'value'>): string =>
  metricFormat(name) === 'percent' ? percentText(value) : numberText(value);

/** Its interval, in words. */
export function metricRange({ name, interval }: Pick<Metric, 'name' | 'interval'>): string {
  if (!interval) return '–';
  return interval.map((value) => metricText({ name, value })).join(' to ');
}
