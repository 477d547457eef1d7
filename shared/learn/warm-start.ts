import { fail, ok, type Result } from '../core/result.ts';
import type { Algorithm } from './algorithm.ts';
import type { Predictor } from './ensemble/fitted-ensemble.ts';
import type { FittedPipeline } from './pipeline.ts';
import type { PipelineData } from './pipeline-data.ts';

/** Why a model cannot be gone on from. */
export type CannotGoOn =
  | { reason: 'ensemble' }
  /** Its map of probabilities would not be that of the model gone on from it. */
  | { reason: 'calibrated' }
  | { reason: 'never_goes_on'; algorithm: string }
  | { reason: 'other_algorithm'; algorithm: string; asked: string }
  | { reason: 'other_task'; task: string; asked: string }
  | { reason: 'other_input'; column: string; difference: 'missing' | 'new' | 'type' }
  | { reason: 'other_class'; label: string; difference: 'missing' | 'new' };

type Asked = Pick<PipelineData, 'task' | 'inputs' | 'classes'> & {
  /** Null: the model's own, whichever. */
  algorithm: string | null;
};

/**
 * The model as what a fit can go on from: one pipeline, not calibrated, by an algorithm that goes on, for the same
 * task, input columns and classes.
 */
export function canGoOn(
  model: Predictor,
  asked: Asked,
  algorithms: readonly Algorithm[],
): Result<FittedPipeline, CannotGoOn> {
  if (model.type === 'ensemble') return fail({ reason: 'ensemble' });
  if (model.calibration !== undefined) return fail({ reason: 'calibrated' });
  const { algorithm, task } = model;
  if (asked.algorithm !== null && asked.algorithm !== algorithm)
    return fail({ reason: 'other_algorithm', algorithm, asked: asked.algorithm });
  if (task !== asked.task) return fail({ reason: 'other_task', task, asked: asked.task });
  const own = algorithms.find(({ name, tasks }) => name === algorithm && tasks.includes(task));
  if (own?.goesOn !== true) return fail({ reason: 'never_goes_on', algorithm });
  return otherInput(model, asked) ?? otherClass(model, asked) ?? ok(model);
}

function otherInput(model: FittedPipeline, { inputs }: Asked) {
  const other = (column: string, difference: 'missing' | 'new' | 'type') =>
    fail({ reason: 'other_input' as const, column, difference });
  for (const { name, type } of model.inputs) {
    const found = inputs.find((input) => input.name === name);
    if (found === undefined) return other(name, 'missing');
    if (found.type !== type) return other(name, 'type');
  }
  const added = inputs.find(({ name }) => model.inputs.every((input) => input.name !== name));
  return added === undefined ? null : other(added.name, 'new');
}

function otherClass({ classes }: FittedPipeline, asked: Asked) {
  const other = (label: string, difference: 'missing' | 'new') =>
    fail({ reason: 'other_class' as const, label, difference });
  const added = asked.classes.find((label) => !classes.includes(label));
  if (added !== undefined) return other(added, 'new');
  const gone = classes.find((label) => !asked.classes.includes(label));
  return gone === undefined ? null : other(gone, 'missing');
}
