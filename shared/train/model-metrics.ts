import type { Objective, Task } from '../contracts/declaration.ts';
import type { BinaryMetrics, ModelMetrics, RegressionMetrics } from '../contracts/manifest.ts';
import { assert } from '../core/assert.ts';
import { binaryMetrics } from '../learn/metrics/binary.ts';
import { regressionMetrics } from '../learn/metrics/regression.ts';

/** Rows that a model gave no number to or, of a binary task, no probability: it has no figures with any. */
export function unansweredRows({ type }: Task, answers: ArrayLike<number>): number {
  let count = 0;
  for (let row = 0; row < answers.length; row++) {
    const answer = answers[row];
    const isAnswer = type === 'binary' ? answer >= 0 && answer <= 1 : Number.isFinite(answer);
    if (!isAnswer) count++;
  }
  return count;
}

/**
 * The figures that a manifest keeps, of answers to rows whose outcomes are known.
 * @param answers target units, or probabilities of the positive class; to every row. @see unansweredRows
 * @param target at least one row; of a binary task both classes
 */
export function modelMetrics(
  task: Task,
  target: Float64Array,
  answers: ArrayLike<number>,
): ModelMetrics {
  return task.type === 'regression'
    ? regressionMetrics(target, answers)
    : classifierMetrics(target, answers, task.threshold);
}

function classifierMetrics(
  target: Float64Array,
  answers: ArrayLike<number>,
  threshold: number,
): BinaryMetrics {
  const all = binaryMetrics(target, answers, { threshold });
  const { rows, roc_auc, pr_auc, log_loss, brier, accuracy, ece } = all;
  assert(
    roc_auc !== null && pr_auc !== null && log_loss !== null && brier !== null,
    `${rows} rows, ${all.positives} positive, ${all.invalid} invalid: figures of a classifier need both classes`,
  );
  assert(accuracy !== null && ece !== null, 'accuracy and calibration error of no rows');
  return { roc_auc, pr_auc, log_loss, brier, accuracy, ece, rows };
}

const HIGHER_IS_BETTER: readonly Objective[] = ['roc_auc', 'pr_auc'];

/** Whether `is` is better than `was`, as the objective goes; equal is not. */
export const isBetter = (objective: Objective, is: number, was: number): boolean =>
  HIGHER_IS_BETTER.includes(objective) ? is > was : is < was;

/** The figure that is compared. @param metrics of a task that knows the objective */
export function figureOf(metrics: ModelMetrics, objective: Objective): number {
  const figure = { ...metrics }[objective as keyof (RegressionMetrics | BinaryMetrics)];
  assert(typeof figure === 'number', `no ${objective} among ${Object.keys(metrics).join(', ')}`);
  return figure;
}

/** Whether rows can be measured on: there are some, and of a binary task of both classes. */
export function canMeasure(task: Task, target: Float64Array): boolean {
  return task.type === 'regression' ? target.length > 0 : target.includes(0) && target.includes(1);
}
