import type {
  DriftResult,
  GateResult,
  RolloutView,
  RunView,
} from '../../../shared/contracts/registry.ts';
import { count, figure, latency, rate } from './format.ts';

/** How an operator should feel about it. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle';
export type Badge = { tone: Tone; words: string };

const METRICS: Record<string, string> = {
  mae: 'Mean absolute error',
  rmse: 'Root mean squared error',
  fallback_rate: 'Fallback rate',
  error_rate: 'Error rate',
  latency_p95_ms: 'Latency, 95th percentile',
};

export const metricLabel = (metric: string): string => METRICS[metric] ?? metric;

/** A gate's figure in the form of its metric. */
export function metricFigure(metric: string, value: number | null): string {
  if (metric.endsWith('_rate')) return rate(value);
  return metric.endsWith('_ms') ? latency(value) : figure(value);
}

export function gateBadge({ verdict, n, needed }: GateResult): Badge {
  switch (verdict) {
    case 'pass':
      return { tone: 'good', words: 'Holds' };
    case 'fail':
      return { tone: 'bad', words: 'Broken' };
    case 'inconclusive':
      return { tone: 'idle', words: 'Undecided' };
    case 'insufficient_data':
      return { tone: 'idle', words: `Too little data: ${count(n)} of ${count(needed)}` };
  }
}

/** A significant change that is small is reported, not alerted: it reads as a lesser one. */
export function driftBadge({ verdict, n, needed, psi }: DriftResult, minPsi: number): Badge {
  if (verdict === 'insufficient_data')
    return { tone: 'idle', words: `Too little data: ${count(n)} of ${count(needed)}` };
  if (verdict === 'no_drift') return { tone: 'good', words: 'No drift' };
  return psi !== null && psi < minPsi
    ? { tone: 'idle', words: 'Slight change' }
    : { tone: 'warn', words: 'Drift' };
}

export function rolloutBadge({ status }: RolloutView): Badge {
  switch (status) {
    case 'running':
      return { tone: 'warn', words: 'Running' };
    case 'promoted':
      return { tone: 'good', words: 'Promoted' };
    case 'rolled_back':
      return { tone: 'bad', words: 'Rolled back' };
    case 'cancelled':
      return { tone: 'idle', words: 'Cancelled' };
  }
}

export function runBadge({ status }: RunView): Badge {
  switch (status) {
    case 'running':
      return { tone: 'warn', words: 'Running' };
    case 'succeeded':
      return { tone: 'good', words: 'Trained' };
    case 'skipped':
      return { tone: 'idle', words: 'Skipped' };
    case 'failed':
      return { tone: 'bad', words: 'Failed' };
  }
}

/** What a rollout is doing, in one sentence. */
export function rolloutSentence(rollout: RolloutView): string {
  const { champion, challenger, steps, stepIndex, status } = rollout;
  const over = champion === null ? '' : ` over ${champion}`;
  if (status === 'running')
    return `${challenger} gets ${rate(steps[stepIndex])} of the traffic, step ${stepIndex + 1} of ${steps.length}.`;
  if (status === 'promoted') return `${challenger} was promoted${over}.`;
  if (status === 'rolled_back')
    return `${challenger} was rolled back; ${champion ?? 'the built-in estimate'} answers.`;
  return `The rollout of ${challenger} was cancelled.`;
}

const ALGORITHMS: Record<string, string> = {
  ridge: 'Ridge regression',
  'hist-gradient-boosting': 'Gradient boosting',
};

export const algorithmWords = (algorithm: string): string => ALGORITHMS[algorithm] ?? algorithm;

export const SOURCE_WORDS = {
  file: 'from a file',
  simulation: 'simulated',
  telemetry: 'from devices',
} as const;
