import type { Task } from '../../../shared/contracts/declaration.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';
import type { FallbackReason } from '../../../shared/contracts/telemetry.ts';
import type { Decision } from '../flags/decision.ts';
import type { ActiveModel } from '../model-cache/acquire.ts';
import type { ModelFollower } from '../model-cache/model-follower.ts';

export type ModelAnswer = { model: ActiveModel; values: Float32Array };

/** The model that may answer now, or why none may. */
export function modelFor(
  { flag, isKnown, isKilled }: Decision,
  models: Pick<ModelFollower, 'active' | 'missingReason'>,
): { model: ActiveModel } | { reason: FallbackReason } {
  if (isKilled) return { reason: 'killed' };
  if (!flag) return { reason: isKnown ? 'not_assigned' : 'model_loading' };
  if (flag.status !== 'assigned') return { reason: flag.status };
  const model = models.active();
  return model ? { model } : { reason: models.missingReason() };
}

/** @throws the signal's reason */
export async function runModel(
  model: ActiveModel,
  rows: readonly Row[],
  options: { deadlineMs: number; signal?: AbortSignal },
): Promise<ModelAnswer | { reason: FallbackReason }> {
  const values = await model.session.run(rows, options);
  if (!values.ok) return { reason: values.error.reason };
  // A graph that answers NaN has failed on this row.
  const { task } = model.manifest;
  if (!values.value.every((value) => isAnswer(task, value))) return { reason: 'runtime' };
  return { model, values: values.value };
}

/** Whether a use case may be told this: a finite number, of a binary one a probability. */
export const isAnswer = ({ type }: Task, value: number): boolean =>
  type === 'binary' ? value >= 0 && value <= 1 : Number.isFinite(value);
