import type { Result } from '../core/result.ts';
import { declarationOf, type UseCase } from '../use-case/define-use-case.ts';
import type { VersionDraft } from './draft-version.ts';
import { type FinishOptions, finishTraining } from './finish-training.ts';
import { planTraining, type TrainingProblem } from './plan-training.ts';
import type { TrainingState } from './training-state.ts';
import {
  nextTrainingStep,
  runTrainingStep,
  type TrainingRows,
  trainingStepName,
} from './training-step.ts';

export type TrainOptions = Omit<
  FinishOptions,
  'state' | 'declaration' | 'fallback' | 'createdAt' | 'durationMs'
> & {
  useCase: UseCase;
  seed: number;
  /** Unix milliseconds; asked at the start and at the end. */
  nowMs: () => number;
  onStep?: (name: string) => void;
};

/**
 * A declaration and a table in, a version's files out: the steps a Workflow runs one at a time, run
 * in sequence. The same table and seed give the same model, byte for byte, either way.
 * @param options.table oldest first where it has an order
 */
export async function trainUseCase(
  options: TrainOptions,
): Promise<Result<VersionDraft, TrainingProblem>> {
  const { useCase, seed, nowMs, onStep, ...rest } = options;
  const startedMs = nowMs();
  const planned = planTraining(useCase, options.table, seed);
  if (!planned.ok) return planned;
  const state = planned.value;
  runToEnd(state, { inputs: useCase.inputs, table: options.table }, onStep);
  const endedMs = nowMs();
  return finishTraining({
    ...rest,
    state,
    declaration: declarationOf(useCase),
    fallback: useCase.fallback,
    createdAt: new Date(endedMs).toISOString(),
    durationMs: endedMs - startedMs,
  });
}

function runToEnd(state: TrainingState, rows: TrainingRows, onStep?: (name: string) => void): void {
  for (let step = nextTrainingStep(state); step !== null; step = nextTrainingStep(state)) {
    onStep?.(trainingStepName(step, state.plan));
    runTrainingStep(state, rows);
  }
}
