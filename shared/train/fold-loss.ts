import type { TrainingPlan } from './training-state.ts';

/** Sum over `rows` of |error| or error^2, as the objective says; `predictions` follow `rows`. */
export function lossOf(
  objective: TrainingPlan['objective'],
  target: Float64Array,
  { rows, predictions }: { rows: Uint32Array; predictions: Float32Array },
): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const error = target[rows[i]] - predictions[i];
    sum += objective === 'mae' ? Math.abs(error) : error * error;
  }
  return sum;
}
