import type { GateMetric } from '../contracts/declaration.ts';
import { quantity } from '../core/quantity.ts';

const WORDS: Record<GateMetric, string> = {
  mae: 'mean absolute error',
  rmse: 'root mean squared error',
  brier: 'Brier score',
  log_loss: 'log loss',
  accuracy: 'accuracy',
  precision: 'precision',
  recall: 'recall',
  calibration_error: 'calibration error',
  fallback_rate: 'fallback rate',
  error_rate: 'error rate',
  latency_p95_ms: 'latency at the 95th percentile',
  interval_miss_rate: 'share of outcomes outside their interval',
  download_failure_rate: 'share of failed downloads',
  integrity_failure_rate: 'share of refused files',
  agreement_rate: 'agreement with the champion',
  group_mae_ratio: 'mean absolute error',
  business: 'business metric',
};

/** Metrics of which more is better: their gates have a least value. */
const WANTED: readonly string[] = ['accuracy', 'precision', 'recall', 'agreement_rate', 'business'];
/** Amounts of what is predicted. */
const OF_TARGET: readonly string[] = ['mae', 'rmse', 'group_mae_ratio'];
/** Told in per cent like rates. */
const SHARES: readonly string[] = ['accuracy', 'precision', 'recall', 'calibration_error'];

/** A metric as it stands in a sentence. It may be of a part: a backend, a group, a business metric. */
export function metricWords(metric: string): string {
  const { name, part } = partsOf(metric);
  const words = Object.hasOwn(WORDS, name) ? WORDS[name as GateMetric] : name;
  if (part === null) return words;
  if (name === 'business') return `${part} a prediction`;
  return name === 'latency_p95_ms' ? `${words} on ${part}` : `${words} of ${part}`;
}

export const isWanted = (metric: string): boolean => WANTED.includes(partsOf(metric).name);

/** What a metric's values are: `share` in [0, 1], milliseconds, amounts of the target, or numbers. */
export function metricKind(metric: string): 'share' | 'ms' | 'target' | 'number' {
  const { name } = partsOf(metric);
  if (name.endsWith('_rate') || SHARES.includes(name)) return 'share';
  if (name.endsWith('_ms')) return 'ms';
  return OF_TARGET.includes(name) ? 'target' : 'number';
}

/** A value in the form of its metric, to four digits; errors in the unit of the target. */
export function metricFigure(metric: string, value: number | null, unit: string): string {
  if (value === null) return 'unknown';
  const kind = metricKind(metric);
  const digits = Number((kind === 'share' ? 100 * value : value).toPrecision(4));
  if (kind === 'share') return `${digits} %`;
  if (kind === 'target') return quantity(digits, unit, 'typed');
  return kind === 'ms' ? `${digits} ms` : String(digits);
}

/** A number that was worked out, to two digits that count: 340,000. */
export const about = (count: number): string =>
  String(Number(count.toPrecision(2))).replace(/\B(?=(\d{3})+$)/g, ',');

function partsOf(metric: string): { name: string; part: string | null } {
  const at = metric.indexOf(':');
  return at < 0
    ? { name: metric, part: null }
    : { name: metric.slice(0, at), part: metric.slice(at + 1) };
}
