import type { Input } from '../contracts/declaration.ts';
import { objectiveLoss } from '../learn/automl/objective.ts';
import { predictPipeline } from '../learn/pipeline.ts';
import { outputsOf } from '../learn/task.ts';
import { exportPipeline } from '../onnx/export-pipeline.ts';
import { type Table, takeRows } from '../table/table.ts';
import { fitCandidate } from './fit-candidate.ts';
import { foldRows } from './plan-training.ts';
import type { TrainingState, Trial } from './training-state.ts';

/** What the next step will do: one fit. */
export type TrainingStep =
  | { kind: 'fold'; candidate: number; fold: number }
  | { kind: 'final'; candidate: number };

/** Table and inputs that a training was planned on, the same rows in the same order. */
export type TrainingRows = { inputs: readonly Input[]; table: Table };

/**
 * Null when the model is there, or there will be none. Follows from the state alone, so that a training
 * resumed elsewhere goes on where it stopped.
 */
export function nextTrainingStep(state: TrainingState): TrainingStep | null {
  const { plan, tried, trial, best, model, problem } = state;
  if (model || problem !== null) return null;
  if (tried.length < plan.candidates.length)
    return { kind: 'fold', candidate: tried.length, fold: trial?.foldLosses.length ?? 0 };
  return best && { kind: 'final', candidate: best.candidate };
}

/** A step's name: unique within a training and the same at each run of it. */
export function trainingStepName(step: TrainingStep, { candidates, folds }: TrainingState['plan']) {
  const { algorithm } = candidates[step.candidate];
  if (step.kind === 'final') return `${algorithm} on all rows`;
  const nth = `${step.candidate + 1} of ${candidates.length}`;
  return `candidate ${nth} (${algorithm}), fold ${step.fold + 1} of ${folds}`;
}

/** Does one bounded piece of work, in place: fits one candidate, on a fold or on all rows. */
export function runTrainingStep(state: TrainingState, rows: TrainingRows): void {
  const step = nextTrainingStep(state);
  if (step === null) throw new Error('Broken invariant: the training is finished');
  if (step.kind === 'final') fitFinal(state, rows, step.candidate);
  else runFold(state, rows, step);
}

/** A candidate that cannot be fitted, or does not answer with numbers, is out; the others go on. */
function runFold(
  state: TrainingState,
  rows: TrainingRows,
  { candidate, fold }: { candidate: number; fold: number },
): void {
  const { plan } = state;
  const outputs = outputsOf(plan.task, plan.classes.length);
  state.trial ??= { foldLosses: [], outOfFold: new Float32Array(plan.rows * outputs) };
  try {
    addFold(state, rows, { candidate, fold, outputs });
  } catch (error) {
    leave(state, error instanceof Error ? error.message : String(error));
    return;
  }
  const { trial, best } = state;
  if (trial.foldLosses.length === plan.folds) finishTrial(state, trial, rows.table.target);
  else if (best && isHopeless(trial.foldLosses, best.foldLosses))
    leave(state, `far behind candidate ${best.candidate + 1} after ${fold + 1} folds`);
}

function addFold(
  { plan, trial }: TrainingState,
  { inputs, table }: TrainingRows,
  { candidate, fold, outputs }: { candidate: number; fold: number; outputs: number },
): void {
  const outside = takeRows(table, foldRows(plan.foldOf, fold, true));
  const pipeline = fitCandidate(plan, { candidate, inputs, table: outside });
  const held = foldRows(plan.foldOf, fold);
  const heldTable = takeRows(table, held);
  const predictions = predictPipeline(pipeline, heldTable);
  if (!predictions.every(Number.isFinite)) throw new Error('its answers are not finite numbers');
  const { foldLosses, outOfFold } = trial!;
  held.forEach((row, i) => {
    outOfFold.set(predictions.subarray(i * outputs, (i + 1) * outputs), row * outputs);
  });
  foldLosses.push(objectiveLoss(plan.objective, heldTable.target, predictions));
}

/** Ties go to the candidate that comes first. */
function finishTrial(state: TrainingState, trial: Trial, target: Float64Array): void {
  const loss = objectiveLoss(state.plan.objective, target, trial.outOfFold);
  if (!state.best || loss < state.best.loss)
    state.best = { ...trial, candidate: state.tried.length, loss };
  state.tried.push({ loss, problem: null });
  state.trial = null;
}

function leave(state: TrainingState, problem: string): void {
  state.tried.push({ loss: null, problem });
  state.trial = null;
  const { candidates } = state.plan;
  if (state.best || state.tried.length < candidates.length) return;
  const why = state.tried.map((tried, i) => `${candidates[i].algorithm}: ${tried.problem}`);
  state.problem = `No candidate could be fitted. ${[...new Set(why)].join('; ')}.`;
}

/** Losses a quarter above the best's on the same folds are not made up on the others. */
const HOPELESS_RATIO = 1.25;

function isHopeless(losses: readonly number[], best: readonly number[]): boolean {
  const sum = losses.reduce((total, loss) => total + loss, 0);
  return sum > HOPELESS_RATIO * losses.reduce((total, _, fold) => total + best[fold], 0);
}

function fitFinal(state: TrainingState, { inputs, table }: TrainingRows, candidate: number): void {
  const exported = exportPipeline(fitCandidate(state.plan, { candidate, inputs, table }));
  if (exported.ok) state.model = exported.value;
  else state.problem = `The model has no ONNX graph: ${exported.error.detail}.`;
}
