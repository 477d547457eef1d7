import type { Table } from '../table/table.ts';
import { advanceBoostingFold, growFinalTrees } from './boosting-steps.ts';
import { chooseCandidate, predictOutOfFold } from './choose-candidate.ts';
import { fitFinalRidge, fitRidgeFold } from './ridge-steps.ts';
import type { TrainingState } from './training-state.ts';

/** Trees a step grows at most. */
export const ROUNDS_PER_STEP = 50;

/** What the next step will do; null when the model is there. */
export type TrainingStep =
  | { kind: 'ridge-fold'; fold: number }
  | { kind: 'boosting-fold'; candidate: number; fold: number; fromRound: number }
  | { kind: 'choose' }
  | { kind: 'out-of-fold'; fold: number }
  | { kind: 'final-ridge' }
  | { kind: 'final-boosting'; fromRound: number };

/** Follows from the state alone, so that a training resumed elsewhere goes on where it stopped. */
export function nextTrainingStep(state: TrainingState): TrainingStep | null {
  if (state.model) return null;
  if (state.choice) return outOfFoldStep(state) ?? finalStep(state, state.choice.candidate);
  return ridgeStep(state) ?? boostingStep(state) ?? { kind: 'choose' };
}

/** A step's name: unique within a training and the same at each run of it. */
export function trainingStepName(step: TrainingStep): string {
  if (step.kind === 'ridge-fold') return `ridge fold ${step.fold}`;
  if (step.kind === 'boosting-fold')
    return `boosting ${step.candidate} fold ${step.fold} from round ${step.fromRound}`;
  if (step.kind === 'out-of-fold') return `out of fold ${step.fold}`;
  if (step.kind === 'final-boosting') return `final boosting from round ${step.fromRound}`;
  return step.kind === 'choose' ? 'choose' : 'final ridge';
}

/**
 * Does one bounded piece of work, in place: one fold of all ridge candidates, at most 50 boosting
 * rounds of one candidate on one fold, the choice, or a piece of the final fit.
 * @param table the table the training was planned on, the same rows in the same order
 */
export function runTrainingStep(state: TrainingState, table: Table): void {
  const step = nextTrainingStep(state);
  if (step === null) throw new Error('Broken invariant: the training is finished');
  if (step.kind === 'ridge-fold') fitRidgeFold(state, table, step.fold);
  else if (step.kind === 'boosting-fold')
    advanceBoostingFold(state, table, { ...step, rounds: ROUNDS_PER_STEP });
  else if (step.kind === 'choose') chooseCandidate(state);
  else if (step.kind === 'out-of-fold') predictOutOfFold(state, table, step.fold);
  else if (step.kind === 'final-ridge') fitFinalRidge(state, table);
  else growFinalTrees(state, table, ROUNDS_PER_STEP);
}

function ridgeStep({ plan, fits }: TrainingState): TrainingStep | null {
  const candidate = plan.candidates.findIndex(({ algorithm }) => algorithm === 'ridge');
  if (candidate < 0) return null;
  const fold = fits.filter((fit) => fit.candidate === candidate).length;
  return fold < plan.folds ? { kind: 'ridge-fold', fold } : null;
}

function boostingStep({ plan, fits }: TrainingState): TrainingStep | null {
  for (let candidate = 0; candidate < plan.candidates.length; candidate++) {
    if (plan.candidates[candidate].algorithm !== 'hist-gradient-boosting') continue;
    const own = fits.filter((fit) => fit.candidate === candidate);
    const open = own.find((fit) => !fit.isDone);
    const fold = open?.fold ?? own.length;
    if (fold === plan.folds) continue;
    return { kind: 'boosting-fold', candidate, fold, fromRound: open?.losses.length ?? 0 };
  }
  return null;
}

function outOfFoldStep({ fits }: TrainingState): TrainingStep | null {
  return fits.length > 0 ? { kind: 'out-of-fold', fold: fits[0].fold } : null;
}

function finalStep(state: TrainingState, candidate: number): TrainingStep {
  if (state.plan.candidates[candidate].algorithm === 'ridge') return { kind: 'final-ridge' };
  return { kind: 'final-boosting', fromRound: state.finalBoosting?.forest.trees ?? 0 };
}
