import { declarationOf, type UseCase } from '../use-case/define-use-case.ts';
import { type FinishOptions, finishTraining, type VersionDraft } from './finish-training.ts';
import { planTraining } from './training-state.ts';
import { nextTrainingStep, runTrainingStep, trainingStepName } from './training-step.ts';

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
 * @param options.table at least MIN_TRAINING_ROWS rows; oldest first where it has an order
 */
export function trainUseCase(options: TrainOptions): VersionDraft {
  const { useCase, seed, nowMs, onStep, ...rest } = options;
  const startedMs = nowMs();
  const state = planTraining(useCase, options.table, seed);
  for (let step = nextTrainingStep(state); step !== null; step = nextTrainingStep(state)) {
    onStep?.(trainingStepName(step));
    runTrainingStep(state, options.table);
  }
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
