import { log } from '../../core/portable-math.ts';
import { prAuc, rocAuc } from '../metrics/ranking.ts';
import { regressionMetrics } from '../metrics/regression.ts';
import type { Task } from '../task.ts';

/** What models are compared by; names are the metrics'. */
export type Objective = 'rmse' | 'mae' | 'roc_auc' | 'pr_auc' | 'log_loss' | 'brier';

/** The objective that a task is compared by unless said otherwise. */
export function defaultObjective(task: Task): Objective {
  if (task === 'regression') return 'rmse';
  return task === 'binary' ? 'roc_auc' : 'log_loss';
}

/** Objectives that a task knows. */
export const objectivesOf = (task: Task): readonly Objective[] =>
  task === 'regression'
    ? ['rmse', 'mae']
    : task === 'binary'
      ? ['roc_auc', 'pr_auc', 'log_loss', 'brier']
      : ['log_loss'];

const LEAST_PROBABILITY = 1e-15;

/**
 * The objective as a loss: lower is better, areas are taken from 1. An area without both classes is
 * 0.5, that of a coin.
 * @param target by row: target units, or class codes
 * @param predictions row-major [rows, outputs]
 */
export function objectiveLoss(
  objective: Objective,
  target: Float64Array,
  predictions: Float32Array,
): number {
  switch (objective) {
    case 'rmse':
    case 'mae':
      return regressionMetrics(target, predictions)[objective];
    case 'log_loss':
      return logLoss(target, predictions);
    case 'brier':
      return brierScore(target, predictions);
    case 'roc_auc':
    case 'pr_auc': {
      const scores = predictions.filter((_, i) => i % 2 === 1);
      const area = (objective === 'roc_auc' ? rocAuc : prAuc)({ scores, positive: target });
      return 1 - (Number.isFinite(area) ? area : 0.5);
    }
  }
}

function logLoss(target: Float64Array, predictions: Float32Array): number {
  const classes = predictions.length / target.length;
  let sum = 0;
  for (let row = 0; row < target.length; row++)
    sum -= log(Math.max(LEAST_PROBABILITY, predictions[row * classes + target[row]]));
  return sum / target.length;
}

/** Mean squared distance of the positive class's probability from what happened. */
function brierScore(target: Float64Array, predictions: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < target.length; row++)
    sum += (target[row] - predictions[2 * row + 1]) ** 2;
  return sum / target.length;
}
